export { at, type BadElement, ELEMENT_BYTES, type Group, SCALAR_BYTES, UNIFORM_BYTES } from "./group.ts";
export * from "./intersect/contents.ts";
export * from "./intersect/counted.ts";
export * from "./intersect/evidence.ts";
export * from "./intersect/judge.ts";
export * from "./intersect/list.ts";
export { type BadMessage, batchesOf, MAX_LIST, messageBytes, type Parts, type Step } from "./intersect/message.ts";
export { kernelGroup } from "./kernel/kernel-group.ts";
export * from "./lookup/answerer.ts";
export * from "./lookup/asker.ts";
export * from "./lookup/batch-class.ts";
export * from "./lookup/budget.ts";
export * from "./lookup/input.ts";
export { isReceiptBy, NO_RECEIPT, type Receipt, receiptBytes, receiptDigest } from "./lookup/receipt.ts";
export { type BadRequest, parseRequest, type Request, requestDigest } from "./lookup/request.ts";
export { type BadResponse, parseResponse, type Response } from "./lookup/response.ts";
export * from "./lookup/transcript.ts";
export { openGroup } from "./open-group.ts";
export * from "./oprf/dleq.ts";
export * from "./oprf/oprf.ts";
export { deriveKey, type Mode } from "./oprf/suite.ts";
export { sodiumGroup } from "./sodium-group.ts";
export { applyDelta, type BadDelta, encodeDelta } from "./set/delta.ts";
export * from "./set/label.ts";
export type { BadShard } from "./set/rice.ts";
export {
  type BadSet,
  decodeSet,
  encodeSet,
  readSet,
  type SetCommitment,
  type SetFile,
  shardBits,
} from "./set/set-file.ts";
export * from "./set/set-proof.ts";
export * from "./set/tag.ts";
export { MAX_TAGS, TAG_BYTES, TagSet } from "./set/tag-set.ts";
