/** How values are changed on their way into an event. */
export interface RedactOptions {
  /**
   * What to redact, as paths from the top of the variables and from the top of
   * the result: `input.email`, `*.email`, `data.users[*].email`,
   * `data["my-key"]`. `*` and `[*]` stand for any key or index.
   */
  paths: string[]
  /** What to put in place of a value. Default: `[REDACTED]`. */
  censor?: string | ((value: unknown, path: string[]) => unknown)
}

/** Decides what a value is replaced by; gives the value itself to keep it. */
export type Redact = (value: unknown, path: string[]) => unknown

const CENSOR = '[REDACTED]'
const MAX_DEPTH = 200

const SECRET_PARTS = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'secret',
  'token',
  'authorization',
  'authorisation',
  'apikey',
  'accesskey',
  'privatekey',
  'signingkey',
  'encryptionkey',
  'credential',
  'creditcard',
  'cardnumber',
  'cardnum',
  'ccnumber',
  'ccnum',
  'securitycode',
  'bearer',
  'cookie',
  'sessionid',
]
const SECRET_KEYS = new Set([
  'auth',
  'cc',
  'csc',
  'cvc',
  'cvv',
  'jwt',
  'otp',
  'pass',
  'pin',
  'pwd',
  'salt',
  'ssn',
])

/** Whether a key looks like the name of a secret, in any spelling. */
export function isSecretKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '')
  return (
    SECRET_KEYS.has(plain) || SECRET_PARTS.some((part) => plain.includes(part))
  )
}

/** Builds the redaction that the options ask for. */
export function buildRedact(
  secrets: boolean,
  options: RedactOptions | undefined
): Redact {
  const patterns = (options?.paths ?? []).map(parsePath)
  const censor = options && 'censor' in options ? options.censor : CENSOR
  const known = new Map<string, boolean>()

  function isSecret(key: string): boolean {
    let answer = known.get(key)
    if (answer === undefined) {
      answer = isSecretKey(key)
      // Keys can come from outside, so they are not kept without end.
      if (known.size < 1000) {
        known.set(key, answer)
      }
    }
    return answer
  }

  return (value, path) => {
    if (patterns.some((pattern) => matches(pattern, path))) {
      return typeof censor === 'function' ? censor(value, path) : censor
    }
    return secrets && isSecret(path[path.length - 1]) ? CENSOR : value
  }
}

/** A key in brackets, quoted or not, or a key between dots. */
const PATH_PART = /\[\s*(?:(["'`])(.*?)\1|([^\]]*?))\s*\]|([^.[\]]+)/g

/** Splits `a.b[*]["c d"]` into its keys. */
function parsePath(path: string): string[] {
  return Array.from(path.matchAll(PATH_PART), (match) => {
    return match[2] ?? match[3] ?? match[4]
  })
}

function matches(pattern: string[], path: string[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((key, index) => key === '*' || key === path[index])
  )
}

/** Thrown inside `toJson` to stop at once. */
class TooLarge extends Error {}

/**
 * Writes a value as JSON, whatever it is, and leaves it as it is.
 *
 * BigInt becomes a string, what refers to itself becomes `[Circular]`, and
 * what JSON has no place for is left out.
 *
 * @returns The JSON, or undefined if it would be longer than `limit`.
 */
export function toJson(
  value: unknown,
  redact?: Redact,
  limit = Infinity
): string | undefined {
  const path: string[] = []
  const parents: unknown[] = []
  let written = 0

  function count(json: string): string {
    written += json.length
    if (written > limit) {
      throw new TooLarge()
    }
    return json
  }

  function write(item: unknown): string | undefined {
    switch (typeof item) {
      case 'string':
        return count(JSON.stringify(item))
      case 'number':
      case 'boolean':
        return count(JSON.stringify(item))
      case 'bigint':
        return count(`"${item}"`)
      case 'object':
        return item === null ? count('null') : writeObject(item)
      default:
        return undefined
    }
  }

  function writeObject(item: object): string | undefined {
    if (parents.includes(item)) {
      return count('"[Circular]"')
    }
    if (parents.length >= MAX_DEPTH) {
      return count('"[Too deep]"')
    }
    if (ArrayBuffer.isView(item)) {
      return count(`"[${item.byteLength} bytes]"`)
    }
    parents.push(item)
    const json = Array.isArray(item) ? writeItems(item) : writeFields(item)
    parents.pop()
    return json
  }

  function writeItems(items: unknown[]): string {
    const parts = items.map((item, index) => {
      return writeKey(String(index), item) ?? count('null')
    })
    return count(`[${parts.join(',')}]`)
  }

  function writeFields(item: object): string | undefined {
    const { toJSON } = item as { toJSON?: unknown }
    if (typeof toJSON === 'function') {
      return write(toJSON.call(item))
    }
    const parts = []
    for (const [key, field] of Object.entries(item)) {
      const json = writeKey(key, field)
      if (json !== undefined) {
        parts.push(`${JSON.stringify(key)}:${json}`)
      }
    }
    return `{${parts.join(',')}}`
  }

  function writeKey(key: string, item: unknown): string | undefined {
    path.push(key)
    const json = write(redact ? redact(item, path) : item)
    path.pop()
    return json
  }

  try {
    return write(value) ?? 'null'
  } catch (error) {
    if (error instanceof TooLarge) {
      return undefined
    }
    throw error
  }
}
