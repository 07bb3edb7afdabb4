import { messageOf } from '../../platform/errors.ts';
import type { TuiPorts } from '../ports.ts';
import type { Tone } from '../store/blocks.ts';
import type { TeamSummary } from '../teams.ts';
import { keyWord } from '../view/key-of.ts';
import type { Model } from '../view/model.ts';
import { pickedTeam } from '../view/team-list.ts';

/** What the choice of a team needs of the app. */
export interface TeamDeskHost {
  ports: TuiPorts;
  model: () => Model;
  set: (change: Partial<Model>) => void;
  say: (tone: Tone, text: string, isBrief?: boolean) => void;
  /** There is a team: the question can be asked. */
  begin: (team: TeamSummary) => void;
}

/** The choice of a team: what there is to choose from, what it would cost, and making one ready. */
export class TeamDesk {
  readonly #host: TeamDeskHost;

  constructor(host: TeamDeskHost) {
    this.#host = host;
  }

  /** Opens the choice between two questions. */
  async open(): Promise<void> {
    const { ports, model, set, say } = this.#host;
    if (model().isRunActive || model().isStarting) {
      return say('info', 'A run is going: choose another team when it has ended.');
    }
    const teams = (await ports.listTeams?.()) ?? [...model().teams];
    if (teams.length === 0) return say('info', 'There is no other team here; :setup makes one.');
    const { team } = model();
    const picked = Math.max(
      0,
      teams.findIndex(({ name }) => name === team?.name),
    );
    set({ teams, picked, teamFilter: '', view: 'picker', isEditing: false, isSelecting: false });
    this.look();
  }

  /** Back to the team that was there. */
  close(): void {
    const { model, set, say } = this.#host;
    const { team, run, teamFilter } = model();
    if (teamFilter !== '') return set({ teamFilter: '', picked: 0 });
    if (!team) return say('info', `Choose a team first; ${keyWord(model(), 'stop')} leaves.`);
    set({ view: run?.state?.final ? 'final' : run ? 'panes' : 'home' });
  }

  /** Finds out what the picked team costs, once. */
  look(): void {
    const { model, set } = this.#host;
    const choice = pickedTeam(model());
    if (!choice?.estimate || model().estimates.has(choice)) return;
    set({ estimates: new Map([...model().estimates, [choice, 'pending' as const]]) });
    void choice.estimate().then((cost) => set({ estimates: new Map([...model().estimates, [choice, cost]]) }));
  }

  async pick(): Promise<void> {
    const { model, set, say, begin } = this.#host;
    const choice = pickedTeam(model());
    if (!choice || model().isSelecting) return;
    if (choice.trouble !== null) return say('warn', choice.trouble.split('\n')[0] ?? '', false);
    set({ isSelecting: true });
    try {
      const team = await choice.select();
      set({ isSelecting: false });
      begin(team);
    } catch (error) {
      set({ isSelecting: false });
      say('err', messageOf(error), false);
    }
  }
}
