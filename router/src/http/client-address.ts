const IPV4_IN_IPV6 = '::ffff:';

/** The address of the socket's peer, IPv4 written as such. */
export function clientAddress(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return '';
  return remoteAddress.startsWith(IPV4_IN_IPV6) && remoteAddress.includes('.')
    ? remoteAddress.slice(IPV4_IN_IPV6.length)
    : remoteAddress;
}
