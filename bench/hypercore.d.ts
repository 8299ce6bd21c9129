/** What the benchmarks use of Hypercore 11, which comes without types. */
declare module "hypercore" {
  class Hypercore {
    constructor(storage: string);
    ready(): Promise<void>;
    append(blocks: readonly Uint8Array[]): Promise<{ length: number; byteLength: number }>;
    close(): Promise<void>;
    /** `db.flush()` of its RocksDB: everything appended so far is on the disk once it resolves. */
    readonly state: { readonly storage: { readonly db: { flush(): Promise<void> } } };
  }
  export = Hypercore;
}
