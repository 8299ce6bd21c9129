import { unwrap, utf8 } from "@detente/basics";

/** Entries between two heads while a log is only being filled. */
const STEP = 16_384;

/** What an entry says costs a tree nothing beyond its one hash, so logs are filled with short ones. @param {number} index */
export function smallEntry(index) {
  return utf8(`entry ${index}`);
}

/**
 * Fills a log up to a size, durably. Its heads are not signed: the store does not look at signatures.
 * @param {import("@detente/store").LogStore} store
 * @param {number} size
 */
export async function growTo(store, size) {
  const note = utf8("not signed");
  while (store.size < size) {
    const from = store.size;
    const count = Math.min(STEP, size - from);
    const staged = unwrap(await store.stage(Array.from({ length: count }, (_, i) => smallEntry(from + i))));
    unwrap(await store.commitHead({ ...staged, note }, from));
    await store.settled();
  }
}
