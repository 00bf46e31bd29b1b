/** RFC 7518 section 5.3: the initialization vector has 96 bits, the authentication tag 128. */
const VECTOR_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The content of a compact JWE (RFC 7516) whose 32-byte key is used as it is (`dir`, RFC 7518 section 4.5) with AES-256-GCM (section 5.3).
 * Undefined for anything else, and for a text of which one character is another: nothing tells why.
 *
 * jose could read it too. But it goes over WebCrypto, which takes a fresh process twice as long to load as the whole of node:crypto,
 * and a stored token is read by nearly every command.
 */
export async function openDirect(text: string, key: Uint8Array): Promise<Buffer | undefined> {
  const [header, wrapped, vector, sealed, tag, ...more] = text.split('.').map(bytesOf);
  if (header === undefined || wrapped?.length !== 0 || sealed === undefined || more.length > 0) return undefined;
  if (vector?.length !== VECTOR_BYTES || tag?.length !== TAG_BYTES) return undefined;
  const { createDecipheriv } = await import('node:crypto');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, vector, { authTagLength: TAG_BYTES });
    // The header is authenticated as it is written (RFC 7516 section 5.2, step 14).
    decipher.setAAD(Buffer.from(text.slice(0, text.indexOf('.')), 'latin1')).setAuthTag(tag);
    // Nothing of it counts before the tag was found right, which `final` throws about.
    const content = decipher.update(sealed);
    return Buffer.concat([content, decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The decoder passes over what is not of its alphabet, and over bits at the end that mean nothing; here one value has one text. */
function bytesOf(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}
