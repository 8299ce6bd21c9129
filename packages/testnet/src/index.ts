export { ControlledClock } from "./controlled-clock.ts";
export { HostileClient, type RawAnswer, type RawRequest, type Signing } from "./hostile-client.ts";
export { HostileLog } from "./hostile-log.ts";
export * from "./hostile-party.ts";
export { HostileSet, type Shown } from "./hostile-set.ts";
export { type Answered, CALM, type Endpoint, Network, type Seen, type Weather } from "./network.ts";
export { mulberry32, seededBytes } from "./random.ts";
export * from "./test-station.ts";
export { startTestUnit, TestUnit, type TestUnitOptions } from "./test-unit.ts";
