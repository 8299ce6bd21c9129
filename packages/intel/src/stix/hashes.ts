import { isObject } from "../read/json-document.ts";
import { quote } from "../text.ts";
import { faultAt, remark } from "./fault.ts";
import type { Flaw, Remarks } from "./form.ts";

/** The hash-algorithm vocabulary (STIX 2.1 §10.8) with what a digest of each looks like. */
const DIGESTS: Readonly<Record<string, RegExp>> = {
  MD5: /^[0-9a-f]{32}$/i,
  "SHA-1": /^[0-9a-f]{40}$/i,
  "SHA-256": /^[0-9a-f]{64}$/i,
  "SHA-512": /^[0-9a-f]{128}$/i,
  "SHA3-256": /^[0-9a-f]{64}$/i,
  "SHA3-512": /^[0-9a-f]{128}$/i,
  SSDEEP: /^\d{1,20}:[^:\s]{0,64}:[^:\s]{0,64}/,
  TLSH: /^(?:T1)?[0-9a-f]{70}$/i,
};

/** Checks a `hashes` dictionary (STIX 2.1 §2.8): digests of known algorithms have their length, others are remarked. */
export function checkHashes(value: unknown, path: string, remarks: Remarks): Flaw {
  if (!isObject(value)) return faultAt("bad-form", path, "expected an object of digests by algorithm");
  const entries = Object.entries(value);
  if (entries.length === 0) return faultAt("bad-form", path, "expected at least one digest; leave the property out");
  for (const [algorithm, digest] of entries) {
    const place = `${path}.${/^[A-Za-z0-9_-]{1,40}$/.test(algorithm) ? algorithm : "…"}`;
    if (!/^[A-Za-z0-9_-]{3,250}$/.test(algorithm)) {
      return faultAt("bad-form", place, `${quote(algorithm)} is no name of an algorithm (A–Z, a–z, 0–9, -, _)`);
    }
    const known = Object.hasOwn(DIGESTS, algorithm) ? DIGESTS[algorithm] : undefined;
    if (typeof digest !== "string" || digest === "" || known?.test(digest) === false) {
      return faultAt("bad-form", place, `is no ${algorithm} digest; correct the digest or its algorithm`);
    }
    if (known === undefined) {
      remark(remarks, "custom-hash", place, `${algorithm} is no word of the hash vocabulary`);
    }
  }
  return undefined;
}
