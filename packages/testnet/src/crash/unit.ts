import { randomBytes } from "node:crypto";
import { unwrap } from "@detente/basics";
import type { CharterDocument, PartyFile } from "@detente/record";
import { adoptCharter, initStation } from "@detente/station";
import { freePort } from "../sockets.ts";
import { FAULTED, OTHER } from "./names.ts";
import { WireTap } from "./wire-tap.ts";

/** A unit of two whose stations do not run yet: their directories below `base`, their ports, and a tap before each. */
export interface TwoParties {
  readonly base: string;
  readonly charter: CharterDocument;
  readonly party: Readonly<Record<typeof FAULTED | typeof OTHER, PartyFile>>;
  readonly tap: Readonly<Record<typeof FAULTED | typeof OTHER, WireTap>>;
  close(): Promise<void>;
}

/** Makes both directories, with the charter that both parties' officers have accepted. */
export async function foundUnit(base: string): Promise<TwoParties> {
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const found = async (name: string): Promise<{ file: PartyFile; tap: WireTap }> => {
    const [seen, own] = [await freePort(), await freePort()];
    const tap = new WireTap(name, own);
    await tap.listen(seen);
    const listen = { host: "127.0.0.1", port: own };
    const file = await initStation(`${base}/${name}`, {
      name,
      origin: `${name}.example`,
      url: `http://127.0.0.1:${seen}`,
      listen,
      logAccess: "public",
      random,
      now: Date.now(),
    });
    return { file: unwrap(file), tap };
  };
  const faulted = await found(FAULTED);
  const other = await found(OTHER);
  const charter: CharterDocument = {
    v: 1,
    title: "Two parties",
    purpose: "One of them has a failing disk.",
    nonce: randomBytes(32).toString("hex"),
    quorum: 1,
    attempt: 1,
    parties: [faulted.file, other.file],
  };
  for (const name of [FAULTED, OTHER]) unwrap(await adoptCharter(`${base}/${name}`, charter));
  return {
    base,
    charter,
    party: { [FAULTED]: faulted.file, [OTHER]: other.file },
    tap: { [FAULTED]: faulted.tap, [OTHER]: other.tap },
    close: async () => {
      await faulted.tap.close();
      await other.tap.close();
    },
  };
}
