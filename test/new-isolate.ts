import { vi } from "vitest";

// All files of the project run in one workerd. Each begins with modules that remember nothing, as a
// new isolate does: no catalog in memory, nothing counted.
vi.resetModules();
