import type { ClientNetwork, SteeredAnswer, Steering } from '../src/steer/port.ts';
import { buildZone } from '../src/zone/zone.ts';
import type { Zone } from '../src/zone/zone.ts';
import { parseZoneFile } from '../src/zone/zone-file.ts';

export const ORIGIN = 'bioscope.test';
export const STEERED = ['app', 'play'];

/** One of everything that a zone can hold. Also given to the other servers, with addresses instead of steering. */
export const ZONE_FILE = `
$ORIGIN bioscope.test.
$TTL 3600
@ 7200 IN SOA ns1 hostmaster (
    2026112701 ; serial
    2h 15m 2w
    30 )       ; for how long a "no" is kept
@ NS ns1
@ NS ns2
@ MX 10 mail
@ TXT "v=spf1 -all" "second text"
@ CAA 0 issue "letsencrypt.org"
@ CAA 128 iodef "mailto:security@bioscope.test"
ns1 A 192.0.2.53
ns1 AAAA 2001:db8::53
ns2 A 198.51.100.53
mail A 192.0.2.25
www CNAME app
old CNAME www
away CNAME service.example.com.
gone CNAME nowhere
loop1 CNAME loop2
loop2 CNAME loop1
app HTTPS 1 . alpn=h2,http/1.1 port=8443
app TXT "the app"
svc SVCB 0 app
svc2 SVCB 2 app alpn=h2 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1 mandatory=alpn
a.b.c TXT "below two names that have nothing"
*.wild A 192.0.2.77
*.wild TXT "anything"
deep.sub.wild A 192.0.2.78
static A 192.0.2.10
static A 192.0.2.11
odd TYPE65400 \\# 4 0A0B0C0D
_sip._tcp SRV 1 2 5060 mail
child NS ns1.child
child NS ns2
ns1.child A 192.0.2.99
${Array.from({ length: 13 }, (_, i) => `big NS ns${i}.big\nns${i}.big A 192.0.2.${i + 100}\nns${i}.big AAAA 2001:db8:b::${i + 1}`).join('\n')}
${Array.from({ length: 60 }, (_, i) => `many A 203.0.113.${i + 1}`).join('\n')}
${Array.from({ length: 30 }, (_, i) => `huge TXT "${String(i).padStart(3, '0')} ${'x'.repeat(240)}"`).join('\n')}
`;

export function testZone(): Zone {
  return buildZone(ORIGIN, parseZoneFile(ZONE_FILE, ORIGIN), STEERED);
}

/** Clients of 10/8 get one region, all others the other; IPv6 clients a third. The scope is what was looked at. */
export function testSteering(asked: ClientNetwork[] = []): Steering {
  const ten: SteeredAnswer = { key: 'ten', records: [v4(192, 0, 2, 1), v4(192, 0, 2, 2)], ttlSeconds: 30, scopePrefix: 8 };
  const rest: SteeredAnswer = { key: 'rest', records: [v4(198, 51, 100, 1)], ttlSeconds: 30, scopePrefix: 8 };
  const six: SteeredAnswer = {
    key: 'six',
    records: [v4(203, 0, 113, 1), { family: 2, address: Uint8Array.from([0x20, 1, 0xd, 0xb8, ...Array.from({ length: 11 }, () => 0), 1]) }],
    ttlSeconds: 30,
    scopePrefix: 48,
  };
  const answer: Steering['answer'] = (_, client) => {
    asked.push({ ...client, address: Uint8Array.from(client.address) });
    if (client.family === 2) return six;
    return client.address[0] === 10 ? ten : rest;
  };
  return {
    answer,
    explain: (name, client) => ({ answer: answer(name, client), region: client.address[0] === 10 ? 'ten' : 'rest', because: ['a test'] }),
  };
}

function v4(...address: number[]): { family: 1; address: Uint8Array } {
  return { family: 1, address: Uint8Array.from(address) };
}
