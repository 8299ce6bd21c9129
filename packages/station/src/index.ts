export { type Admission, type Admitted, admitObjects } from "./admission/admit.ts";
export type { GateSettings } from "./admission/gate-settings.ts";
export { identitiesOf } from "./admission/identities.ts";
export { loadGate, type LoadedGate } from "./admission/load-gate.ts";
export * from "./api/client.ts";
export type * from "./api/arriving-contract.ts";
export type * from "./api/contest-contract.ts";
export type * from "./api/charter-contract.ts";
export type * from "./api/contract.ts";
export type * from "./api/intel-contract.ts";
export type * from "./api/match-contract.ts";
export type * from "./api/meeting-contract.ts";
export * from "./api/find-contract.ts";
export type * from "./api/pattern-contract.ts";
export type * from "./api/release-contract.ts";
export type * from "./api/status-contract.ts";
export type * from "./api/watch-contract.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { TaxiiAccess, TaxiiCollection, TaxiiPrincipal } from "./exchange/access.ts";
export { type CredentialFiles, readCredentials } from "./exchange/client/credentials.ts";
export { feedSource } from "./exchange/client/feed-source.ts";
export {
  listCollections,
  type ListOptions,
  type Offer,
  type OfferedCollection,
} from "./exchange/client/list-collections.ts";
export { identified } from "./exchange/client/identify.ts";
export { mayLeave } from "./exchange/client/may-leave.ts";
export { checkOutbound, outboundFetch, type OutboundFault, type OutboundOptions } from "./exchange/client/outbound.ts";
export { pull, type PullFault, type PullOptions, type PullReport } from "./exchange/client/pull.ts";
export { push, type PushFault, type PushOptions, type PushReport, type Refused } from "./exchange/client/push.ts";
export {
  CLIENT_LIMITS,
  type ClientLimits,
  type Credentials,
  type RemoteCollection,
} from "./exchange/client/requests.ts";
export { type CheckedObject, checkObject, type CheckObject } from "./exchange/object-check.ts";
export { taxiiApp } from "./exchange/server/app.ts";
export type { TaxiiOptions } from "./exchange/server/handling.ts";
export { createApp } from "./http/app.ts";
export { type Rebuilt, rebuildIndex, type RebuildProgress } from "./rebuild.ts";
export { verifyRecordFile } from "./record-file/verify-file.ts";
export { createLogger, type RunningStation, startStation, type StartOptions } from "./serve.ts";
export { loadCharter as readAdoptedCharter, storeCharter as adoptCharter } from "./setup/charter-file.ts";
export { SCOPES } from "./setup/callers.ts";
export { loadConfig, parseConfig, saveConfig, type StationConfig } from "./setup/config.ts";
export { type InitFault, type InitOptions, initStation } from "./setup/init.ts";
export { loadKeys } from "./setup/keys.ts";
export { partyFile, publicKeyText } from "./setup/party.ts";
export { judgeEvidence } from "./meeting/judge.ts";
export type { MatchPolicy } from "./matching/policy.ts";
export { Station, type StationOptions } from "./station.ts";
export type { UnitRuntime } from "./unit-runtime.ts";
export { HIT_CLASSES, type WatchedSource } from "./watch/watched-source.ts";
export { signRequest } from "./wire/http-signature.ts";
export type { WireFetch } from "./wire/wire-fetch.ts";
