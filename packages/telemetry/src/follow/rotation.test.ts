import { expect, it } from "vitest";
import { rotatedFrom } from "./rotation.ts";

// The forms of logrotate.conf(5): numbers, `dateext`, `dateformat -%Y-%m-%d-%s`, `compress`, `extension .log`.
it.each([
  ["access.log.1", "access.log"],
  ["access.log.12.gz", "access.log"],
  ["access.log-20261125", "access.log"],
  ["access.log-20261125.gz", "access.log"],
  ["access.log-2026-11-25-1795644000", "access.log"],
  ["access-20261125.log", "access.log"],
  ["access.1.log", "access.log"],
  ["access.1.log.zst", "access.log"],
  ["messages-20261125", "messages"],
  ["messages.0", "messages"],
  ["dns.2026-11-25T10:00:00.log", "dns.log"],
])("%s is a rotated %s", (name, of) => {
  expect(rotatedFrom(name, new Set(["other.log", of]))).toBe(of);
});

it.each([
  ["access.log", "access.log"],
  ["access.log.gz", "access.log"],
  ["access-errors.log", "access.log"],
  ["access.log.bak", "access.log"],
  ["access.log.1.bak", "access.log"],
  ["access.log.d", "access.log"],
  ["messages-errors", "messages"],
  ["other.log.1", "access.log"],
  ["log", "access.log"],
])("%s is none of %s", (name, of) => {
  expect(rotatedFrom(name, new Set([of]))).toBeUndefined();
});
