/** What we use of the WebAssembly JavaScript interface; TypeScript has it only together with the DOM. */
declare namespace WebAssembly {
  /** Compiled code, and nothing else that we could see. */
  type Module = object;
  const Module: new (bytes: Uint8Array) => Module;
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    /** By so many pages of 64 KiB. */
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory } });
    readonly exports: object;
  }
}
