/** What `assembly/index.ts` exports; addresses and offsets in bytes. */
export interface SieveExports extends Record<Constant, { readonly value: number }> {
  open(image: number): void;
  intakeSize(): number;
  useIntake(at: number): void;
  beginArena(image: number): void;
  addSuffix(length: number): void;
  takeItems(from: number, to: number): number;
  putEntry(tag: number, kind: number, ref: number, key: number, length: number): void;
  readonly intakeItems: Counter;
  readonly intakeText: Counter;
  readonly intakeKey: Counter;
  readonly arenaEnd: Counter;
  readonly flagsSeen: Counter;
  beginImage(image: number, seed: bigint): void;
  addEntries(from: number): number;
  finish(image: number): void;
  beginChecksum(image: number): void;
  addToChecksum(end: number): void;
  checksum(end: number): bigint;
  find(tag: number, key: number, length: number): number;
  findToken(key: number, length: number): number;
  find4(address: number, bits: number): number;
  find6(high: bigint, low: bigint, bits: number): number;
  areaSize(): number;
  useArea(at: number): void;
  scan(start: number, end: number, mode: number): void;
  readonly key: Counter;
  readonly candidates: Counter;
  readonly candidateCount: Counter;
  readonly lines: Counter;
  readonly invalidLines: Counter;
  readonly firstInvalid: Counter;
  readonly scannedTo: Counter;
  readonly isLong: Counter;
}

/** A variable of the program. */
interface Counter {
  readonly value: number;
}

/** Constants of `assembly/layout.ts`, which says what they are. */
type Constant =
  | "MAGIC"
  | "VERSION"
  | `${"MAGIC" | "VERSION" | "CHECKSUM" | "LENGTH" | "FLAGS" | "SEED" | "SHORTEST" | "ITEMS"}_AT`
  | `${"ARENA_END" | "LENGTHS4" | "LENGTHS6"}_AT`
  | "ARENA"
  | `ENTRY_${"REF" | "LENGTH" | "TAG" | "KEY"}`
  | `DOUBLE${"" | "_FIRST" | "_NEXT"}`
  | "IS_DOUBLE"
  | "MARKER"
  | `TAG_${"DOMAIN" | "EXACT" | "EMAIL" | "URL" | "IPV4" | "IPV6" | "DIGEST" | "URL_HOST" | "EMAIL_DOMAIN" | "REVERSE_ZONE"}`
  | `HAS_${"URLS" | "EMAILS" | "ADDRESSES" | "SCHEME_NAMES" | "BARE_HOSTS" | "IDN_HOSTS"}`
  | `HOST${4 | 6}`
  | `FORM_${"DOMAIN" | "IPV4" | "CIDR4" | "URL" | "EMAIL" | "MD5" | "SHA1" | "SHA256"}`
  | `INTAKE_${"ITEMS" | "TEXT"}`;

const PAGE = 65_536;
/** 4 GiB, all that 32 bits can address: an image is smaller. */
const MAX_PAGES = 65_536;

/** The sieve's program, compiled once; it runs on memories that threads share. */
export class SieveModule {
  readonly #module: WebAssembly.Module;

  /** @param wasm what the build makes of `assembly/` */
  constructor(wasm: Uint8Array) {
    this.#module = new WebAssembly.Module(wasm);
  }

  /** Throws a `RangeError` where there is no memory. */
  memory(bytes: number): SieveMemory {
    return new SieveMemory(
      this.#module,
      new WebAssembly.Memory({ initial: pagesOf(bytes), maximum: MAX_PAGES, shared: true }),
    );
  }
}

/** A memory and the program on it, for one thread; its `handle` makes another one for another thread. */
export class SieveMemory {
  readonly #memory: WebAssembly.Memory;
  readonly exports: SieveExports;
  readonly handle: SieveHandle;
  #bytes: Uint8Array;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.exports = new WebAssembly.Instance(module, { env: { memory } }).exports as SieveExports;
    this.handle = { module, memory };
    this.#bytes = new Uint8Array(memory.buffer);
  }

  static of({ module, memory }: SieveHandle): SieveMemory {
    return new SieveMemory(module, memory as WebAssembly.Memory);
  }

  /** All of the memory as it is now; old views stay valid but do not grow. */
  get bytes(): Uint8Array {
    if (this.#bytes.length !== this.#memory.buffer.byteLength) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  /** Makes it at least so large, by an eighth more if that must be asked for often. */
  reserve(bytes: number): void {
    const pages = this.#memory.buffer.byteLength / PAGE;
    const missing = pagesOf(bytes) - pages;
    if (missing > 0) this.#memory.grow(Math.max(missing, Math.min(MAX_PAGES, pagesOf(bytes + bytes / 8)) - pages));
  }
}

/** A memory and a program, to be handed to another thread. */
export interface SieveHandle {
  readonly module: object;
  readonly memory: object;
}

function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE);
}
