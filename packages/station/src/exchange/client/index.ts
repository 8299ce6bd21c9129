/** TAXII servers and MISP feeds of others, for whoever asks them without a station. */
export { type CredentialFiles, readCredentials } from "./credentials.ts";
export { feedSource } from "./feed-source.ts";
export { identified } from "./identify.ts";
export { listCollections, type ListOptions, type Offer, type OfferedCollection } from "./list-collections.ts";
export { mayLeave } from "./may-leave.ts";
export { checkOutbound, outboundFetch, type OutboundFault, type OutboundOptions } from "./outbound.ts";
export { pull, type PullFault, type PullOptions, type PullReport } from "./pull.ts";
export { push, type PushFault, type PushOptions, type PushReport, type Refused } from "./push.ts";
export { CLIENT_LIMITS, type ClientLimits, type Credentials, type RemoteCollection } from "./requests.ts";
export { type CheckedObject, checkObject, type CheckObject } from "../object-check.ts";
