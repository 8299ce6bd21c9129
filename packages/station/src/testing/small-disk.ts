import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";

/** A disk of a few MiB (Linux's tmpfs), which a test fills. */
export class SmallDisk {
  readonly directory: string;

  /** @param directory made where it is missing */
  constructor(directory: string, mebibytes: number) {
    mkdirSync(directory, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", directory], { stdio: "pipe" });
    this.directory = directory;
  }

  /** Leaves not a byte. */
  fill(): void {
    const file = openSync(this.#filling, "a");
    try {
      for (let size = 1 << 20; size >= 1;) {
        try {
          if (writeSync(file, new Uint8Array(size)) < size) size >>= 1;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
          size >>= 1;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.#filling);
  }

  close(): void {
    execFileSync("umount", ["--lazy", this.directory], { stdio: "pipe" });
  }

  get #filling(): string {
    return `${this.directory}/filling`;
  }
}

/** Why there can be no such disk here; `undefined` where there can. */
export function whyNoSmallDisk(): string | undefined {
  const directory = mkdtempSync(`${tmpdir()}/small-disk-`);
  try {
    new SmallDisk(directory, 1).close();
    return undefined;
  } catch {
    return "nothing may be mounted here";
  } finally {
    rmSync(directory, { recursive: true });
  }
}
