import { assert, type Bytes, present } from "@detente/basics";
import type { FileSystem, OpenFile } from "../disk/file-system.ts";

const SECTOR = 64;

class File {
  content: Bytes = new Uint8Array(0);
  durable: Bytes = new Uint8Array(0);
}

class Directory {
  names = new Map<string, File | Directory>();
  durable = new Map<string, File | Directory>();
}

/**
 * A file system in memory that knows what has been synced, and can lose the rest as a power cut does: sector by
 * sector within a file, directory by directory for names.
 */
export class VolatileFileSystem implements FileSystem {
  #root = new Directory();

  /** Cuts the power. `lose` is asked for each unsynced sector of a file and each unsynced directory. */
  powerCut(lose: () => boolean): void {
    const visit = (directory: Directory): void => {
      directory.names = new Map(lose() ? directory.durable : directory.names);
      directory.durable = new Map(directory.names);
      for (const node of directory.names.values()) {
        if (node instanceof Directory) visit(node);
        else settle(node, lose);
      }
    };
    visit(this.#root);
  }

  async open(path: string, how: "existing" | "create"): Promise<OpenFile> {
    const [directory, name] = this.#parent(path);
    let file = directory.names.get(name);
    if (file === undefined && how === "create") directory.names.set(name, (file = new File()));
    if (!(file instanceof File)) throw missing(path);
    if (how === "create") file.content = new Uint8Array(0);
    return opened(file);
  }

  async readFile(path: string): Promise<Bytes> {
    return this.readFileSync(path);
  }

  readFileSync(path: string): Bytes {
    const node = this.#find(path);
    if (!(node instanceof File)) throw missing(path);
    return node.content.slice();
  }

  async *readStream(path: string): AsyncGenerator<Bytes> {
    yield this.readFileSync(path);
  }

  async size(path: string): Promise<number | undefined> {
    const node = this.#find(path);
    return node instanceof File ? node.content.length : undefined;
  }

  async list(path: string): Promise<string[]> {
    const node = this.#find(path);
    return node instanceof Directory ? [...node.names.keys()].sort() : [];
  }

  async makeDirectory(path: string): Promise<void> {
    let directory = this.#root;
    for (const name of parts(path)) {
      let next = directory.names.get(name);
      if (next === undefined) directory.names.set(name, (next = new Directory()));
      assert(next instanceof Directory, `${name} is a directory`);
      if (!directory.durable.has(name)) directory.durable.set(name, next);
      directory = next;
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, oldName] = this.#parent(from);
    const [target, newName] = this.#parent(to);
    target.names.set(newName, present(source.names.get(oldName), from));
    source.names.delete(oldName);
  }

  async remove(path: string): Promise<void> {
    const [directory, name] = this.#parent(path);
    directory.names.delete(name);
  }

  async syncDirectory(path: string): Promise<void> {
    const node = this.#find(path);
    if (!(node instanceof Directory)) throw missing(path);
    node.durable = new Map(node.names);
  }

  #find(path: string): File | Directory | undefined {
    let node: File | Directory | undefined = this.#root;
    for (const name of parts(path)) node = node instanceof Directory ? node.names.get(name) : undefined;
    return node;
  }

  #parent(path: string): [Directory, string] {
    const names = parts(path);
    const name = present(names.pop(), "a name");
    const directory = this.#find(names.join("/"));
    if (!(directory instanceof Directory)) throw missing(path);
    return [directory, name];
  }
}

function opened(file: File): OpenFile {
  return {
    async write(bytes, position) {
      const grown = new Uint8Array(Math.max(file.content.length, position + bytes.length));
      grown.set(file.content);
      grown.set(bytes, position);
      file.content = grown;
    },
    async read(length, position) {
      return file.content.slice(position, position + length);
    },
    async datasync() {
      file.durable = file.content;
    },
    async truncate(length) {
      file.content = file.content.slice(0, length);
    },
    async close() {},
  };
}

/** Leaves of the unsynced change what the disk happened to have written: some sectors old or zero, some new. */
function settle(file: File, lose: () => boolean): void {
  if (file.content !== file.durable) {
    const kept = new Uint8Array(lose() ? file.durable.length : file.content.length);
    for (let at = 0; at < kept.length; at += SECTOR) {
      const from = lose() ? file.durable : file.content;
      kept.set(from.subarray(at, Math.min(at + SECTOR, kept.length)), at);
    }
    file.content = kept;
  }
  file.durable = file.content;
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function missing(path: string): Error {
  return Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
}
