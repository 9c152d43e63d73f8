import { vi } from "vitest";

// All test files run in one workerd. Each starts with fresh modules, as in a new isolate: no
// catalog in memory, nothing counted.
vi.resetModules();
