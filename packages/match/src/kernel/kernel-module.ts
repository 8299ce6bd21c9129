/** What `assembly/index.ts` exports; addresses in bytes. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly CAPACITY: Constant;
  readonly INPUT: Constant;
  readonly SCALARS: Constant;
  readonly OUTPUT: Constant;
  readonly POINTS: Constant;
  decodeAll(count: number): number;
  mapAll(count: number): void;
  scaleAll(count: number, stride: number): void;
  encodeAll(count: number): void;
  clearSum(): void;
  addToSum(count: number): void;
  encodeSum(): void;
  splitFirst(slot: number): void;
  sumOfSplit(slot: number, count: number): void;
  keepSum(lane: number): void;
  encodeSums(): void;
  reduceAll(count: number): void;
  subtractOne(): void;
  halveScalars(count: number): void;
  encodeDoubled(count: number): void;
  buildTable(slot: number): void;
  addMultiple(slot: number, negative: boolean): void;
  addMultiples(count: number, slot: number, negative: boolean): void;
  sha512(length: number, index: number): void;
}

interface Constant {
  readonly value: number;
}

/** What we use of the WebAssembly JavaScript interface; TypeScript has it only together with the DOM. */
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/** Starts the kernel in a memory of its own. @param wasm what the build makes of `assembly/` */
export function startKernel(wasm: Uint8Array): KernelExports {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }).WebAssembly;
  return new Instance(new Module(wasm)).exports as KernelExports;
}
