import { ok, type Result, utf8, equalBytes } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { ReadFault } from "../fault.ts";
import type { FileEntry, FileSet } from "../file-set.ts";
import type { InputFile } from "../input.ts";
import { ByteSource } from "./byte-source.ts";
import { Crc32 } from "./crc32.ts";
import { bad, zipDirectory, type ZipMember } from "./directory.ts";
import { unpackedBy } from "./unpack.ts";

const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * The files of a ZIP archive, in the order in which they stand in it. What the directory says of a file (name, sizes,
 * checksum) is held against the file itself: an archive must not show different cards to different programs. Damage is
 * told in place of the next file.
 */
export function zipFiles(file: InputFile): FileSet {
  return () => filesOf(file);
}

async function* filesOf(file: InputFile): AsyncGenerator<Result<FileEntry, ReadFault>> {
  const directory = await zipDirectory(file);
  if (!directory.ok) return yield directory;
  const source = new ByteSource(file.open());
  try {
    for (const member of directory.value) {
      if (member.name.endsWith("/")) continue;
      const what = await goTo(source, member);
      if (what !== undefined) return yield bad(file, `${what} at ${quote(member.name)}`);
      const end = source.offset + member.packed;
      let damage: string | undefined;
      const chunks = (): AsyncIterable<Uint8Array> =>
        checked(source.upTo(end), member, (found) => {
          damage = found;
        });
      yield ok({ name: member.name, chunks });
      if (damage !== undefined) return yield bad(file, `is damaged: ${quote(member.name)} ${damage}`);
    }
  } finally {
    await source.close();
  }
}

/** Goes behind the local header of a file (§4.3.7); says what is wrong with it. */
async function goTo(source: ByteSource, { offset, name, method }: ZipMember): Promise<string | undefined> {
  await source.skipTo(offset);
  const head = await source.read(30);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 30 || view.getUint32(0, true) !== LOCAL) return "has no file where its directory says";
  if (method !== STORED && method !== DEFLATED) return "is packed in another way than deflate; pack it again";
  const named = await source.read(view.getUint16(26, true));
  await source.read(view.getUint16(28, true));
  const isSame = equalBytes(named, utf8(name)) && view.getUint16(8, true) === method;
  return isSame ? undefined : "names a file otherwise than its directory";
}

async function* checked(
  packed: AsyncIterable<Uint8Array>,
  { method, unpacked, crc }: ZipMember,
  damaged: (what: string) => void,
): AsyncGenerator<Uint8Array> {
  const sum = new Crc32();
  let size = 0;
  try {
    for await (const piece of method === STORED ? packed : unpackedBy(packed)) {
      size += piece.length;
      if (size > unpacked) return damaged("unpacks to more than its directory says");
      sum.add(piece);
      yield piece;
    }
  } catch {
    return damaged("cannot be unpacked");
  }
  if (size < unpacked || sum.value !== crc) damaged("is not what its checksum says");
}
