export * from "./canonical/index.ts";
export { lifetime, type Reliability, remainingConfidence } from "./gate/decay.ts";
export {
  assetIndexes,
  type GateContext,
  judge,
  judging,
  type Judgement,
  opinionKey,
  type Opinions,
  type Reason,
  type ReasonCode,
  type Verdict,
  type VerdictLabel,
} from "./gate/judge.ts";
export { type JudgedShares, judgeShares, type SharesContext } from "./gate/judge-shares.ts";
export { type ListHit, type ListType, ValueIndex } from "./gate/value-index.ts";
export { readWarningList, type WarningList, type WarningListFault } from "./gate/warning-list.ts";
export { encodeItem, type Item, mergeItems, parseItem } from "./item.ts";
export { confidenceOf, type ConfidenceScale, confidenceWord } from "./marking/confidence.ts";
export { narrower, type Reach } from "./marking/narrower.ts";
export { isStricter, type Marking, markingOf, strictestTlp, TLP_MARKINGS } from "./marking/tlp.ts";
export type {
  Comparison,
  ComparisonExpression,
  ComparisonOperator,
  Constant,
  ObjectPath,
  ObservationExpression,
  OrderOperator,
  PathStep,
} from "./pattern/ast.ts";
export { matchPattern } from "./pattern/match.ts";
export { type Observation, observationsOf } from "./pattern/observation.ts";
export type { SharingGoal } from "./misp/distribution.ts";
export { type MispEvent, type MispEventFault, readMispEvent } from "./misp/event.ts";
export { hashLines, readHashes } from "./misp/hashes.ts";
export { type Manifest, type ManifestEntry, type ManifestFault, manifestText, readManifest } from "./misp/manifest.ts";
export {
  type FeedFault,
  type FeedMirror,
  type FeedReport,
  type FeedSource,
  markTold,
  pullFeed,
  type PullFeedOptions,
} from "./misp/pull-feed.ts";
export {
  mispEventId,
  type MispShare,
  type MispShareItem,
  type RenderedEvent,
  renderMispEvent,
} from "./misp/render-event.ts";
export { isUuid } from "./misp/uuid.ts";
export { parsePattern } from "./pattern/parse.ts";
export { type PatternValue, simpleValues } from "./pattern/simple-values.ts";
export type { PatternFault } from "./pattern/token.ts";
export * from "./read/read-indicators.ts";
export {
  type Finding,
  type Ignored,
  type IndicatorFile,
  type IndicatorFormat,
  MAX_INDICATOR_FILE,
  type RejectionCode,
  type RemarkCode,
} from "./read/report.ts";
export { type BundleFault, MAX_STIX_BUNDLE, readStixBundle, type StixBundle } from "./stix/bundle.ts";
export type { StixCode, StixFault, StixRemark, StixRemarkCode } from "./stix/fault.ts";
export { indicatorsIn } from "./stix/indicators-in.ts";
export { deterministicId, typeOfId } from "./stix/identifier.ts";
export { MAX_STIX_OBJECT, readStixObject, type StixObject, viewOf } from "./stix/object.ts";
export { wordsOfObject } from "./stix/text.ts";
export { versionOf } from "./stix/version.ts";
export type { StixClass, StixType, StixViews } from "./stix/registry.ts";
export { compareTimestamps, isTimestamp, timestampMillis } from "./stix/timestamp.ts";
export * from "./text.ts";
export * from "./time.ts";
export * from "./generate/files.ts";
export * from "./generate/intelligence.ts";
export { Prng } from "./generate/prng.ts";
export * from "./generate/telemetry.ts";
export {
  blockList,
  type BlockList,
  type BlockPolicy,
  type Candidate,
  type Entry,
  expiryOf,
  type Observed,
  type Obstacle,
  obstaclesTo,
} from "./export/block-list.ts";
export { BLOCK_FORMATS, type BlockFormat } from "./export/block-formats.ts";
export { renderBlockList } from "./export/render.ts";
export { type LeftOut, type Rendering } from "./export/rendering.ts";
export {
  stixIdentity,
  stixIdentityId,
  stixIndicator,
  stixIndicatorId,
  type StatedObject,
} from "./export/stix-indicator.ts";
export { uuid4, uuid5 } from "./uuid.ts";
