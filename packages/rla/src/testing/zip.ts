import { deflateRawSync, gzipSync } from "node:zlib";

interface Lies {
  /** The unpacked size that the directory claims. */
  readonly claimed?: number;
  /** Where all files are said to stand. */
  readonly offset?: number;
  readonly method?: number;
}

/** An archive as PKWARE's APPNOTE describes it, its files deflated by zlib or stored. */
export function zipOf(files: Readonly<Record<string, string>>, isPacked: boolean, lies: Lies = {}): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text, "latin1");
    const data = isPacked ? deflateRawSync(content) : content;
    // The checksum that gzip writes is the same.
    const crc = gzipSync(content).readUInt32LE(gzipSync(content).length - 8);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(lies.method ?? (isPacked ? 8 : 0), 4);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(lies.claimed ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const header = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name)]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(lies.offset ?? at, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), fields, rest, Buffer.from(name)]));
    local.push(header, data);
    at += header.length + data.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(Buffer.concat(central).length, 8);
  end.writeUInt32LE(at, 12);
  return new Uint8Array(Buffer.concat([...local, ...central, Buffer.from("PK\x05\x06"), end]));
}
