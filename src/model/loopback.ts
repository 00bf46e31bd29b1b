/**
 * True where `hostname` (as `URL.hostname` writes it) is this machine: 127.0.0.0/8, `[::1]` or `localhost`.
 * The URL parser has already turned every other spelling of an IPv4 address (`127.1`, `0x7f000001`) into four numbers.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(hostname);
}
