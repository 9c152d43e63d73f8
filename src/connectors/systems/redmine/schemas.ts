import * as z from "zod/mini";

export const NumericId = z.int().check(z.positive());
export const Ref = z.object({ id: NumericId });
