export * from "./audience.ts";
export * from "./body.ts";
export {
  charterDigest,
  type CharterDocument,
  type CharterFault,
  checkCharter,
  leastQuorum,
  parseCharter,
} from "./charter.ts";
export type { PiecedBlob } from "./blob-pieces.ts";
export * from "./collection.ts";
export * from "./draft.ts";
export * from "./indicator.ts";
export * from "./kinds.ts";
export type * from "./kinds/account.ts";
export * from "./kinds/audit.ts";
export * from "./kinds/contest.ts";
export type * from "./kinds/exhibit.ts";
export type {
  MatchEditionContent,
  MatchPartner,
  MatchSetContent,
  MatchTotalsContent,
  PartnerEdition,
} from "./kinds/match.ts";
export {
  MAX_MEETING_LIST,
  MEETING_OUTCOMES,
  type MeetingContent,
  type MeetingCountContent,
  type MeetingEndContent,
  type MeetingList,
  type MeetingMessageContent,
  type MeetingOutcome,
} from "./kinds/meeting.ts";
export type * from "./kinds/observe.ts";
export type * from "./kinds/open.ts";
export type * from "./kinds/position.ts";
export type * from "./kinds/seal.ts";
export type * from "./kinds/weigh.ts";
export * from "./leaf.ts";
export * from "./limits.ts";
export * from "./padding.ts";
export { type PlainBody, readPlainBody, SAID } from "./plain-body.ts";
export { LEAF_ROOM, type PlainLeaf, readPlainLeaf } from "./plain-leaf.ts";
export { formatPartyFile, keyDigest, keyFlaw, parsePartyFile, type PartyFile, vkeyName } from "./party-file.ts";
export * from "./seal.ts";
export type { Shape, ShapeFault } from "./shape.ts";
export * from "./share-items.ts";
export * from "./share-objects.ts";
export * from "./vocabulary.ts";
