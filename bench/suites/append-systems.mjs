import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import Hypercore from "hypercore";
import { newStation, openStation } from "../lib/station.mjs";

/** @typedef {import("../lib/statements.mjs").DraftedStatement} DraftedStatement */

/**
 * Something that statements are appended to, batch by batch.
 * @typedef {object} System
 * @property {(batch: readonly DraftedStatement[]) => Promise<unknown>} append
 * @property {() => Promise<unknown>} close
 */

/** @type {Record<string, (directory: string) => Promise<System>>} */
export const SYSTEMS = {
  /** A station's own log as it is: bodies, leaves, signed head, all durable before `append` resolves. */
  async ours(directory) {
    await newStation(directory, { name: "ann", port: 0 });
    const { station, stop } = await openStation(directory);
    station.gate.set("ready", "no unit, so nobody to ask");
    return { append: async (batch) => unwrap(await station.own.append(batch)), close: stop };
  },

  /** Appends as Hypercore does by itself: in its database's log, which the operating system writes out when it will. */
  async hypercore(directory) {
    const core = new Hypercore(directory);
    await core.ready();
    return { append: (batch) => core.append(blocks(batch)), close: () => core.close() };
  },

  /** With the only means it has to make a batch durable. */
  async "hypercore-flushed"(directory) {
    const core = new Hypercore(directory);
    await core.ready();
    const append = async (/** @type {readonly DraftedStatement[]} */ batch) => {
      await core.append(blocks(batch));
      await core.state.storage.db.flush();
    };
    return { append, close: () => core.close() };
  },

  /** No log can do with less: the statements' hashes, the tree's, the bytes once on the disk, then a head. */
  async limit(directory) {
    mkdirSync(directory, { recursive: true });
    const file = await open(join(directory, "log"), "w");
    const node = Buffer.alloc(65);
    const head = Buffer.alloc(300);
    let end = 0;
    const write = async (/** @type {Buffer} */ bytes) => {
      await file.write(bytes, 0, bytes.length, end);
      await file.datasync();
      end += bytes.length;
    };
    const append = async (/** @type {readonly DraftedStatement[]} */ batch) => {
      for (const { leaf, body } of batch) {
        for (const bytes of [leaf, body, node]) createHash("sha256").update(bytes).digest();
      }
      await write(Buffer.concat(blocks(batch)));
      await write(head);
    };
    return { append, close: () => file.close() };
  },
};

/** @param {readonly DraftedStatement[]} batch */
function blocks(batch) {
  return batch.map(({ leaf, body }) => Buffer.concat([leaf, body]));
}
