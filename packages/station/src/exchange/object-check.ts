import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { readStixObject } from "@detente/intel";

/** What an exchange needs to know of a STIX object; everything else in it is kept as it stands. */
export interface CheckedObject {
  /** `type--uuid`, as its source gave it. Of an observable that is a claim like any other: `contentId` is what it is. */
  readonly id: string;
  readonly type: string;
  /** `modified`, else `created`, in the digits of its source; `undefined` for an object that has neither. */
  readonly version: string | undefined;
  /** Of an observable: the id that its content gives (STIX 2.1 §2.9), computed here. */
  readonly contentId?: string;
}

/** Checks one object, from its bytes. The fault's message is for whoever sent it. */
export type CheckObject = (bytes: Bytes) => Result<CheckedObject>;

/** What an object must be to be kept in a collection: one of STIX 2.1, within limits, no bundle. */
export function checkObject(bytes: Bytes): Result<CheckedObject, Fault<"not-an-object">> {
  const object = readStixObject(bytes);
  if (!object.ok) return err("not-an-object", object.fault.message);
  const { id, type, view, contentId } = object.value;
  if (type === "bundle") return err("not-an-object", "the object: is a bundle; send its objects");
  const version = (view["modified"] ?? view["created"]) as string | undefined;
  return ok({ id, type, version, ...(contentId === undefined ? {} : { contentId }) });
}
