/** What a station takes from others at most. Sizes in bytes of the encoded form, lengths of text in code points. */
export const MAX_LEAF_BYTES: number = 16 * 1024;
export const MAX_BODY_BYTES: number = 1024 * 1024;
export const MAX_BLOB_BYTES: number = 256 * 1024 * 1024;
/** One item of a collection. */
export const MAX_ITEM_BYTES: number = 16 * 1024;
/** One STIX object of a share of objects: the table of contents of a published collection of 20,000 objects has four. */
export const MAX_OBJECT_BYTES: number = 8 * 1024 * 1024;
/** Objects in one share. */
export const MAX_OBJECTS: number = 2 ** 20;
/** Characters of a log's origin. */
export const MAX_ORIGIN = 128;
/** Statements that one statement may refer to. */
export const MAX_REFERENCES = 64;
/** Checkpoints in one observation. */
export const MAX_HEADS = 256;
export const MAX_PARTIES = 64;
export const MAX_ITEMS: number = 2 ** 24;
/** The last moment that ECMAScript's Date can name, in milliseconds since 1970 (ECMA-262 §21.4.1.1). */
export const MAX_TIME = 8_640_000_000_000_000;
