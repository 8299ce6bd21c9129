import { extname } from "node:path";

/**
 * What programs put behind the names of logs when they rotate them (logrotate.conf(5), `dateext` and `extension`,
 * savelog(8), log4j): numbers and dates, and then what says that they are packed.
 */
const ROTATED = /^[.\-_]?[0-9][0-9T:._-]*$/;
const PACKED = /\.(?:gz|zst|zstd)$/;

/**
 * The log that a file was rotated from, by their names: `access.log` for `access.log.2.gz` or `access-20261125.log`.
 * @param names names of logs in the same directory
 */
export function rotatedFrom(name: string, names: ReadonlySet<string>): string | undefined {
  const bare = name.replace(PACKED, "");
  const extension = extname(bare);
  for (let length = bare.length - 1; length > 0; length--) {
    const stem = bare.slice(0, length);
    if (names.has(stem) && ROTATED.test(bare.slice(length))) return stem;
    const whole = stem + extension;
    const suffix = bare.slice(length, bare.length - extension.length);
    if (names.has(whole) && ROTATED.test(suffix)) return whole;
  }
  return undefined;
}
