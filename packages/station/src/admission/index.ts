/** The gate, for whoever judges by it without a station. */
export { type Admission, type Admitted, admitObjects } from "./admit.ts";
export type { GateSettings } from "./gate-settings.ts";
export { identitiesOf } from "./identities.ts";
export { loadGate, type LoadedGate } from "./load-gate.ts";
