// The types of what the bundler takes along besides TypeScript, and of the engine's glue code.

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*.bin" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "tesseract.js-core/tesseract-core-simd-lstm.js" {
  /** The interface of Tesseract's C++ class of the same name, as far as it is used. */
  interface TessBaseApi {
    /** @returns 0 when all is well. */
    Init(folder: string | null, model: string, mode: number): number;
    SetVariable(name: string, value: string): boolean;
    SetPageSegMode(mode: number): void;
    /** @param at The address of the pixels in the memory of the module. */
    SetImage(
      at: number,
      width: number,
      height: number,
      bytesPerPixel: number,
      bytesPerRow: number,
    ): void;
    SetSourceResolution(dotsPerInch: number): void;
    GetUTF8Text(): string;
    GetTSVText(page: number): string;
    Clear(): void;
  }

  export interface TesseractCore {
    readonly TessBaseAPI: new () => TessBaseApi;
    readonly FS: { writeFile(path: string, bytes: Uint8Array): void };
    _malloc(bytes: number): number;
    _free(at: number): void;
  }

  interface Options {
    readonly instantiateWasm: (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) => WebAssembly.Exports;
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
  }

  export type TesseractFactory = (options: Options) => Promise<TesseractCore>;
  const factory: TesseractFactory;
  export default factory;
}
