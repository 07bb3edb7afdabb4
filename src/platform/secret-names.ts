/** `MAX_TOKENS` and `MONKEY` hold none. */
const SECRET_NAME =
  /(?:(?:^|_|API|ACCESS|PRIVATE)KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|SSHPASS|CREDENTIALS?|(?:^|_)PAT)(?:_?\d+)?$/i;

/** Whether the name of a variable means that it holds a secret, such as `OPENAI_API_KEY` and `PGPASSWORD`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The values of those variables whose names mean secrets; none is empty. */
export function secretVariables(variables: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => (value && isSecretName(name) ? [value] : []));
}
