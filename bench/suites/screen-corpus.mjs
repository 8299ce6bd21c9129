import { closeSync, openSync, writeSync } from "node:fs";
import { numbers } from "../lib/measure.mjs";

/** @typedef {import("@detente/screen").IndexedItem<number>} Item */

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ENDINGS = ["com", "net", "org", "info", "de", "io", "co.uk"];
const SITES = 20_000;
const LINES_AT_ONCE = 5000;
const HEADER =
  "#separator \\x09\n#set_separator\t,\n#path\tdns\n" +
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqtype_name\trcode_name\tanswers\tTTLs\trejected\n" +
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tstring\tstring\tvector[string]\tvector[interval]\tbool\n";

/** What logs and indicators are made of. @param {number} seed */
function maker(seed) {
  const random = numbers(seed);
  const word = (/** @type {number} */ least, /** @type {number} */ most) => {
    let text = "";
    for (let left = least + random(most - least + 1); left > 0; left--) text += LETTERS[random(LETTERS.length)];
    return text;
  };
  const hex = (/** @type {number} */ digits) => Array.from({ length: digits }, () => random(16).toString(16)).join("");
  const name = () => `${word(5, 13)}.${ENDINGS[random(ENDINGS.length)]}`;
  const address = () => `${1 + random(222)}.${random(256)}.${random(256)}.${random(256)}`;
  return { random, word, hex, name, address };
}

/**
 * Indicators as feeds have them: mostly domains and addresses, then digests and URLs. Logs of `writeLogs` hold almost
 * none of them, as most logs do.
 * @param {number} count
 * @returns {Generator<Item, void>}
 */
export function* makeIndicators(count) {
  const { random, word, hex, name, address } = maker(1);
  for (let ref = 0; ref < count; ref++) {
    const share = random(100);
    if (share < 50) yield { kind: "domain", value: name(), ref };
    else if (share < 70) yield { kind: "ipv4", value: address(), ref };
    else if (share < 72) yield { kind: "cidr4", value: `${1 + random(222)}.${random(256)}.${random(256)}.0/24`, ref };
    else if (share < 84) yield { kind: "sha256", value: hex(64), ref };
    else if (share < 90) yield { kind: "md5", value: hex(32), ref };
    else if (share < 97) yield { kind: "url", value: `http://${name()}/${word(3, 9)}/${word(3, 20)}.php`, ref };
    else yield { kind: "email", value: `${word(4, 9)}@${name()}`, ref };
  }
}

/** Writes a Zeek dns.log and a Suricata eve.json of so many bytes each. @param {string} dns @param {string} eve @param {number} size */
export function writeLogs(dns, eve, size) {
  const make = maker(2);
  const { random, word, name, address } = make;
  const sites = Array.from({ length: SITES }, name);
  // Few sites are asked for often, and few servers answer: half of what is drawn comes from a twentieth of all.
  const servers = Array.from({ length: SITES }, address);
  const often = () => (random(2) === 0 ? random(SITES / 20) : random(SITES));
  const host = () =>
    random(3) === 0 ? `${sites[often()]}` : `${["www", "api", "cdn", word(3, 10)][random(4)]}.${sites[often()]}`;
  const server = () => `${servers[often()]}`;
  const client = () => `10.0.${random(16)}.${random(256)}`;
  let seconds = 1_790_812_345;
  const micros = () => 100_000 + random(900_000);
  writeLog(dns, size, HEADER, () => {
    seconds += random(2);
    const query = host();
    const answers = random(2) === 0 ? server() : `${host()},${server()},${server()}`;
    return `${seconds}.${micros()}\tC${word(17, 17)}\t${client()}\t${1024 + random(60_000)}\t10.0.0.53\t53\tudp\t${random(65_536)}\t0.0${micros()}\t${query}\tA\tNOERROR\t${answers}\t${random(3600)}.000000\tF\n`;
  });
  writeLog(eve, size, "", () => {
    seconds += random(2);
    const time = `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${micros()}+0000`;
    const start = `{"timestamp":"${time}","flow_id":${1e15 + random(1e9)},"in_iface":"eth0","event_type":`;
    const flow = `"src_ip":"${client()}","src_port":${1024 + random(60_000)},"dest_ip":"${server()}","dest_port":443,"proto":"TCP"`;
    return `${start}${eventOf(make, host, flow, time)}}\n`;
  });
}

/** @param {ReturnType<typeof maker>} make @param {() => string} host @param {string} flow @param {string} time */
function eventOf({ random, word, hex }, host, flow, time) {
  switch (random(4)) {
    case 0:
      return `"dns",${flow},"dns":{"type":"query","id":${random(65_536)},"rrname":"${host()}","rrtype":"A"}`;
    case 1: {
      const print = hex(40).replace(/..(?=.)/g, "$&:");
      return `"tls",${flow},"tls":{"subject":"CN=${host()}","fingerprint":"${print}","sni":"${host()}","version":"TLS 1.2","ja3":{"hash":"${hex(32)}"}}`;
    }
    case 2:
      return `"http",${flow},"http":{"hostname":"${host()}","url":"\\/${word(3, 9)}\\/${word(3, 9)}.php?id=${random(9999)}","http_user_agent":"Mozilla\\/5.0 (Windows NT 10.0; Win64; x64)","http_method":"GET","status":200}`;
    default:
      return `"flow",${flow},"flow":{"pkts_toserver":${random(99)},"bytes_toserver":${random(99_999)},"start":"${time}","end":"${time}","state":"closed"}`;
  }
}

/** @param {string} path @param {number} size @param {string} header @param {() => string} line */
function writeLog(path, size, header, line) {
  const file = openSync(path, "w");
  let written = writeSync(file, header);
  while (written < size) written += writeSync(file, Array.from({ length: LINES_AT_ONCE }, line).join(""));
  closeSync(file);
}
