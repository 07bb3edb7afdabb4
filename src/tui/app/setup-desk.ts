import { messageOf } from '../../platform/errors.ts';
import type { ActionId } from '../input/keymap.ts';
import { keyRows, readyProviders, type SetupPort, type SetupState } from '../setup.ts';
import type { Tone } from '../store/blocks.ts';
import type { TeamSummary } from '../teams.ts';
import type { Model } from '../view/model.ts';
import { pickedModel } from '../view/setup-models.ts';
import { startSetup, withModel, withProviders } from './setup-action.ts';
import { keyWord } from '../view/key-of.ts';

/** What the set-up needs of the app. */
export interface SetupDeskHost {
  /** Loaded when it is needed; null where nothing can be set up. */
  loadPort: (() => Promise<SetupPort>) | null;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** There is a team: the question can be asked. */
  begin: (team: TeamSummary) => void;
  leave: () => void;
}

/** The set-up's dealings with the computer: keys that are found, saved and tested, servers, and the file of the team. */
export class SetupDesk {
  readonly #host: SetupDeskHost;
  #port: SetupPort | null = null;

  constructor(host: SetupDeskHost) {
    this.#host = host;
  }

  /** Shows the set-up at once; what answers on this machine comes a moment later. */
  async open(): Promise<void> {
    const { loadPort, model, set, say } = this.#host;
    if (!loadPort) return say('warn', 'Nothing can be set up from here: run massgen --init.');
    const isBusy = (): boolean => model().isRunActive || model().isStarting;
    if (isBusy()) return say('info', 'A run is going: set up when it has ended.');
    const port = (this.#port ??= await loadPort());
    const vendors = await port.vendors();
    if (isBusy()) return;
    const { isKeysOnly, keyPlaces } = port;
    set({ view: 'setup', isEditing: false, setup: startSetup({ isKeysOnly, keyPlaces, vendors }) });
    const locals = await port.locals();
    this.#change((setup) => withProviders(setup, { locals }));
  }

  /** True if the action was one of the set-up. */
  run(action: ActionId): boolean {
    const { setup, view } = this.#host.model();
    if (action === 'open-setup') {
      void this.open();
      return true;
    }
    if (!setup || view !== 'setup') return false;
    switch (action) {
      case 'setup-test':
        void this.#test();
        return true;
      case 'setup-forward':
        void this.#forward(setup);
        return true;
      case 'setup-backward':
        this.#close();
        return true;
      case 'setup-demo':
        void this.#demo();
        return true;
      case 'setup-take':
        void this.#save(setup);
        return true;
      default:
        return false;
    }
  }

  /** A key was typed. It is in no message, no history and no log. */
  async acceptKey(text: string): Promise<void> {
    const port = this.#port;
    const { say } = this.#host;
    const setup = this.#host.model().setup;
    const row = setup && keyRows(setup)[setup.picks.keys];
    const place = setup?.keyPlaces[setup.keyPlace];
    if (!port || !row?.variable || !place || text.trim() === '') return;
    try {
      const notice = await port.saveKey(row.variable, text.trim(), place.path);
      const vendors = await port.vendors();
      this.#change((now) => {
        const tests = new Map(now.tests);
        tests.delete(row.type);
        const next = withProviders({ ...now, tests }, { vendors });
        return { ...next, picks: { ...next.picks, keys: keyRows(next).findIndex(({ type }) => type === row.type) } };
      });
      if (notice !== null) return say('warn', notice, false);
      say(
        'ok',
        `${row.variable} is saved in ${place.shown}; ${this.#key('setup-test')} tests it, ${this.#key('setup-forward')} goes on`,
        false,
      );
    } catch (error) {
      say('err', messageOf(error), false);
    }
  }

  /** A model was picked, or a name was typed that the list does not have. */
  acceptModel(): void {
    const { setup } = this.#host.model();
    const agent = setup && pickedModel(this.#host.model());
    if (agent) this.#change((now) => withModel(now, agent));
  }

  async #test(): Promise<void> {
    const port = this.#port;
    const { say } = this.#host;
    const setup = this.#host.model().setup;
    if (!port || !setup) return;
    const agent =
      setup.step === 'keys' ? this.#usualAgent(setup) : setup.step === 'team' ? setup.agents[setup.picks.team] : null;
    if (!agent) return say('info', 'There is nothing to test here: a key is missing, or a model.');
    if (agent.model === '')
      return say('info', `Name a model first: ${this.#key('setup-forward')} goes on to the team.`);
    const note = (tone: Tone, text: string): void =>
      this.#change((now) => ({ ...now, tests: new Map([...now.tests, [agent.type, { tone, text }]]) }));
    note('info', `asking ${agent.model} for one word`);
    const { tone, text } = await port.test(agent);
    note(tone, text);
  }

  #key(id: ActionId): string {
    return keyWord(this.#host.model(), id);
  }

  #usualAgent(setup: SetupState): { type: string; model: string } | null {
    const row = keyRows(setup)[setup.picks.keys];
    if (!row || (row.variable !== null && row.source === null)) return null;
    return { type: row.type, model: row.models[0]?.name ?? '' };
  }

  async #forward(setup: SetupState): Promise<void> {
    const port = this.#port;
    const { say, leave } = this.#host;
    if (!port) return;
    if (setup.isKeysOnly) return leave();
    if (setup.step === 'keys') {
      if (readyProviders(setup).length === 0) {
        const [take, demo] = [this.#key('setup-take'), this.#key('setup-demo')];
        return say('warn', `Nobody can answer yet: ${take} takes a key, ${demo} shows the built-in team.`);
      }
      return this.#change((now) => ({ ...now, step: 'team' }));
    }
    if (setup.step === 'save') return this.#save(setup);
    if (setup.agents.some(({ model }) => model === ''))
      return say('warn', `Name a model first: ${this.#key('setup-take')}.`);
    const places = await port.places();
    this.#change((now) => ({ ...now, step: 'save', places, preview: port.compose(now.agents), asked: null }));
  }

  async #save(setup: SetupState): Promise<void> {
    const port = this.#port;
    const { say, begin } = this.#host;
    const place = setup.places[setup.picks.save];
    if (!port || setup.step !== 'save' || !place || setup.isBusy) return;
    if (place.isTaken && setup.asked !== place.path) {
      this.#change((now) => ({ ...now, asked: place.path }));
      return say('warn', `${this.#key('setup-take')} again replaces ${place.shown}`, false);
    }
    this.#change((now) => ({ ...now, isBusy: true }));
    try {
      const team = await port.save(setup.agents, place.path, place.isTaken);
      begin(team);
      say('ok', `saved ${place.shown}`, false);
    } catch (error) {
      this.#change((now) => ({ ...now, isBusy: false, asked: null }));
      say('err', messageOf(error), false);
    }
  }

  async #demo(): Promise<void> {
    const port = this.#port;
    const { begin, say } = this.#host;
    if (!port || port.isKeysOnly) return;
    begin(await port.demo());
    say('info', 'The built-in team solves number puzzles: make 952 from 25 50 75 100 3 6', false);
  }

  /** Back to where the set-up was opened from; out of the app where there is no such place. */
  #close(): void {
    const { model, set, leave } = this.#host;
    const { team, run, teams } = model();
    if (team) return set({ setup: null, view: run ? 'panes' : 'home' });
    if (teams.length > 0) return set({ setup: null, view: 'picker' });
    leave();
  }

  #change(make: (setup: SetupState) => SetupState): void {
    const { setup } = this.#host.model();
    if (setup) this.#host.set({ setup: make(setup) });
  }
}
