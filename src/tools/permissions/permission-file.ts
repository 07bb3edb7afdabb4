import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRule, parseRule, ruleText, type PermissionRule } from '../../config/permission-rule.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import { MassgenError } from '../../platform/errors.ts';

/**
 * A file of rules that the user, or a dialog that the user has answered, writes: `rules:` with a list of texts. Read
 * again only when it has changed.
 */
export class PermissionFile {
  readonly path: string;
  #known: { mark: string; rules: PermissionRule[] } = { mark: '', rules: [] };
  /** Writes come one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Empty where there is no file. Rejects with a MassgenError for a file that is there and cannot be used. */
  async rules(): Promise<readonly PermissionRule[]> {
    const found = await stat(this.path).catch(() => null);
    if (!found) return [];
    const mark = `${found.mtimeMs}/${found.size}/${found.ino}`;
    if (mark !== this.#known.mark) this.#known = { mark, rules: await this.#read() };
    return this.#known.rules;
  }

  /** Adds a rule; the file’s comments stay. Rejects with a MassgenError when that is not possible. */
  add(rule: PermissionRule): Promise<void> {
    const next = this.#last.catch(() => undefined).then(() => this.#write(ruleText(rule)));
    this.#last = next;
    return next;
  }

  async #read(): Promise<PermissionRule[]> {
    const { parseDocument } = await import('yaml');
    const document = parseDocument(await readFile(this.path, 'utf8'));
    const [error] = document.errors;
    if (error) throw this.#unusable(`It is no YAML: ${error.message.split('\n')[0] ?? ''}`);
    const content: unknown = document.toJS();
    const rules: unknown = typeof content === 'object' && content !== null && 'rules' in content ? content.rules : [];
    if (!Array.isArray(rules)) throw this.#unusable('"rules" has to be a list of texts.');
    return rules.map((text: unknown, index) => {
      const rule = parseRule(typeof text === 'string' ? text : '');
      if (!isRule(rule)) throw this.#unusable(`Rule ${index + 1}: ${rule.problem}`);
      return rule;
    });
  }

  async #write(text: string): Promise<void> {
    const { isSeq, parseDocument } = await import('yaml');
    const before = await readFile(this.path, 'utf8').catch(() => '');
    const document = parseDocument(before === '' ? HEAD : before);
    if (document.errors.length > 0) throw this.#unusable('It is no YAML, so no rule was added to it.');
    const rules = document.get('rules');
    if (!isSeq(rules)) document.set('rules', [text]);
    else if (!rules.items.some((item) => String(item) === text)) {
      // A list that was empty stands in brackets.
      if (rules.items.length === 0) rules.flow = false;
      rules.add(document.createNode(text));
    }
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.path, document.toString({ lineWidth: 0 }), { mode: 0o600, fsync: true });
    } catch (cause) {
      throw new MassgenError(
        'permissions-unwritable',
        `The rule could not be kept in ${this.path}. Check the disk and the folder’s rights.`,
        { cause },
      );
    }
  }

  #unusable(why: string): MassgenError {
    return new MassgenError('permissions-file', `The file of permissions ${this.path} cannot be used. ${why}`);
  }
}

const HEAD = `# What agents of massgen may do without asking, and never: "allow", "ask" or "deny", a tool, and what it is used on.
rules: []
`;
