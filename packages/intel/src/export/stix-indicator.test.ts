import { MAX_TIME } from "@detente/record";
import { expect, it } from "vitest";
import { isTimestamp } from "../stix/timestamp.ts";
import { candidate, NOW } from "../testing/candidates.ts";
import { stixIdentity, stixIndicator } from "./stix-indicator.ts";

it.each([0, NOW, MAX_TIME - 1, MAX_TIME])("states times that STIX can name, whatever its author claims: %i", (at) => {
  for (const item of [undefined, { kind: "domain", value: "evil.example", last: at, until: at } as const]) {
    const stated = stixIndicator(candidate("evil.example", { at, ...(item && { item }) }), "");
    const times = ["created", "modified", "valid_from", "valid_until"].map((name) => stated?.[name] as string);
    expect(times.every(isTimestamp)).toBe(true);
    // STIX 2.1 §4.7: it must end after it begins.
    expect(Date.parse(times[3] ?? "")).toBeGreaterThan(Date.parse(times[2] ?? ""));
  }
  expect(isTimestamp(stixIdentity("alpha", at)["created"] as string)).toBe(true);
});
