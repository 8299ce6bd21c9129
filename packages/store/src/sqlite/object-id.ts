import { type Bytes, present, toHex } from "@detente/basics";

/** An id `type--rest` as its row has it: a UUID as its 16 bytes, any other rest as text. */
export interface ObjectName {
  readonly type: string;
  readonly name: Bytes | string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function nameOfId(id: string): ObjectName {
  const end = id.indexOf("--");
  const rest = id.slice(end + 2);
  return { type: id.slice(0, end), name: UUID.test(rest) ? Buffer.from(rest.replaceAll("-", ""), "hex") : rest };
}

export function idOfName({ type, name }: ObjectName): string {
  if (typeof name === "string") return `${type}--${name}`;
  const hex = toHex(name);
  const groups = present(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex), "a UUID of 16 bytes").slice(1);
  return `${type}--${groups.join("-")}`;
}
