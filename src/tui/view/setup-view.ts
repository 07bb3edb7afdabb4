import { estimateQuestion, type TokenPrices } from '../../config/estimate.ts';
import { keyRows, MOST_AGENTS, pricesOf, readyProviders, type SetupProvider, type SetupState } from '../setup.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { wrapText } from '../text/wrap.ts';
import { style, type StyleId } from '../theme/style.ts';
import { agentToken } from '../theme/tokens.ts';
import { formatCost, plural } from './format.ts';
import { detailArea, type Details } from './detail-area.ts';
import type { Area, Rect } from './frame.ts';
import { clipLine, span, spread, type Line } from './line.ts';
import type { Model } from './model.ts';
import { separatorArea, titleRule } from './timeline-view.ts';
import type { ActionId } from '../input/keymap.ts';
import { keyWord } from './key-of.ts';

const FG = style('fg');
const DIM = style('dim');
const TITLES = { keys: '1 of 3: keys', team: '2 of 3: team', save: '3 of 3: where to save it' } as const;

/** `$0.25 in, $2 out`: USD for a million tokens. */
export function priceText(prices: TokenPrices): string {
  if (prices === null) return 'price unknown';
  if (prices.input === 0 && prices.output === 0) return 'free';
  return `$${prices.input} in, $${prices.output} out`;
}

/** The set-up: the rows of its step on the left, what they mean and what comes of them on the right. */
export function setupAreas(model: Model, rect: Rect): Area[] {
  const { setup } = model;
  if (!setup) {
    const lines: Line[] = [titleRule('set-up', rect.width, model.glyphs, true), [span('  looking for keys', DIM)]];
    return [{ layer: 'main', ...rect, lines, fill: FG }];
  }
  const { list, isWide } = setupPlaces(model, setup, rect);
  const { width, height } = list;
  const rows = rowsOf(model, setup, width);
  const pick = setup.picks[setup.step];
  const top = Math.max(0, Math.min(pick - Math.floor((height - 1) / 2), rows.length - (height - 1)));
  const below = Math.max(0, rows.length - top - (height - 1));
  const more = below > 0 ? `  ${model.glyphs.down} ${below} below` : '';
  const title = titleRule(`${steps(setup)}${more}`, width, model.glyphs, true);
  return [
    { layer: 'list', ...list, lines: [title, ...rows.slice(top, top + height - 1)], fill: FG },
    ...(isWide ? [separatorArea({ ...rect, x: rect.x + width, width: 1 }, model.glyphs)] : []),
    detailArea(model, setupDetails(model, setup, rect)),
  ];
}

/** What stands beside the rows of the step. Pure. */
export function setupDetails(model: Model, setup: SetupState, rect: Rect): Details {
  const { side } = setupPlaces(model, setup, rect);
  return { title: detailTitle(setup), rows: detailsOf(model, setup, side.width - 2), rect: side };
}

function setupPlaces(model: Model, setup: SetupState, rect: Rect): { list: Rect; side: Rect; isWide: boolean } {
  const isWide = rect.width >= 90;
  const width = isWide ? Math.max(44, Math.min(66, Math.floor(rect.width * 0.5))) : rect.width;
  const count = rowsOf(model, setup, width).length;
  const height = isWide ? rect.height : Math.min(count + 1, Math.max(4, Math.floor(rect.height * 0.5)));
  const side: Rect = isWide
    ? { ...rect, x: rect.x + width + 1, width: rect.width - width - 1 }
    : { ...rect, y: rect.y + height, height: rect.height - height };
  return { list: { ...rect, width, height }, side, isWide };
}

function steps({ step, isKeysOnly }: SetupState): string {
  return isKeysOnly ? 'set-up of keys' : `set-up ${TITLES[step]}`;
}

function detailTitle({ step }: SetupState): string {
  return step === 'keys' ? 'what this is' : step === 'team' ? 'your team' : 'what will be written';
}

function rowsOf(model: Model, setup: SetupState, width: number): Line[] {
  if (setup.step === 'keys') {
    const rows = keyRows(setup).map((provider, i) => row(model, width, setup, i, keyCells(setup, provider)));
    return setup.locals === null ? [...rows, [span('  looking for servers on this machine', DIM)]] : rows;
  }
  if (setup.step === 'team') {
    return setup.agents.map((agent, i) => {
      const ground = i === setup.picks.team ? 'pick' : 'bg';
      const left = [
        span(`${i + 1} `, style(agentToken(i + 1), ['bold'], ground)),
        span(
          agent.model === '' ? `${keyWord(model, 'setup-take')} names a model` : sanitizeLine(agent.model),
          style('fg', [], ground),
        ),
        span(`  ${sanitizeLine(labelOf(setup, agent.type))}`, style('dim', [], ground)),
      ];
      const right = span(` ${priceText(pricesOf(setup, agent))} `, style('dim', [], ground));
      return row(model, width, setup, i, (g) => ({ left, right: [{ ...right, style: style('dim', [], g) }] }));
    });
  }
  return setup.places.map((place, i) =>
    row(model, width, setup, i, (ground) => ({
      left: [
        span(sanitizeLine(place.label), style('fg', [], ground)),
        span(`  ${sanitizeLine(place.shown)}`, style('dim', [], ground)),
      ],
      right: [span(place.isTaken ? ' there already ' : '', style('warn', [], ground))],
    })),
  );
}

type Ground = 'pick' | 'bg';
type Cells = { left: Line; right: Line };

function row(model: Model, width: number, setup: SetupState, index: number, cells: (ground: Ground) => Cells): Line {
  const isPicked = index === setup.picks[setup.step];
  const ground: Ground = isPicked ? 'pick' : 'bg';
  const { left, right } = cells(ground);
  const mark = span(isPicked ? '> ' : '  ', style('focus', ['bold'], ground));
  return spread([mark, ...left], right, width, style('fg', [], ground), model.glyphs.cut);
}

function keyCells(setup: SetupState, provider: SetupProvider): (ground: Ground) => Cells {
  const { label, kind, variable, source, address, models, type } = provider;
  return (ground) => {
    const left = [
      span(sanitizeLine(label), style(kind === 'local' || source !== null ? 'fg' : 'dim', ['bold'], ground)),
    ];
    const test = setup.tests.get(type);
    if (test) {
      const word = test.tone === 'ok' ? 'answers' : test.tone === 'info' ? 'asking' : 'does not answer';
      return { left, right: [span(` ${word} `, style(toneToken(test.tone), [], ground))] };
    }
    if (kind === 'local') {
      return {
        left,
        right: [span(` ${plural(models.length, 'model')} at ${address ?? ''} `, style('ok', [], ground))],
      };
    }
    const where = source === null ? ` ${variable ?? ''} ` : ` ${variable ?? ''} from ${sanitizeLine(source)} `;
    return { left, right: [span(where, style(source === null ? 'dim' : 'ok', [], ground))] };
  };
}

function toneToken(tone: string): 'ok' | 'err' | 'warn' | 'info' {
  return tone === 'ok' || tone === 'err' || tone === 'warn' ? tone : 'info';
}

function labelOf(setup: SetupState, type: string): string {
  return readyProviders(setup).find((provider) => provider.type === type)?.label ?? type;
}

function detailsOf(model: Model, setup: SetupState, width: number): Line[] {
  const lines: Line[] = [];
  const say = (text: string, id: StyleId = FG): void => {
    for (const line of wrapText(sanitizeLine(text), width)) lines.push([span(line, id)]);
    lines.push([]);
  };
  const key = style('accent', ['bold']);
  const act = (ids: ActionId | readonly ActionId[], what: string): void => {
    const keys = [ids].flat().map((id) => keyWord(model, id));
    lines.push(clipLine([span(`${keys.join(' ')} `.padEnd(7), key), span(what, FG)], width, model.glyphs.cut));
  };
  if (setup.step === 'keys') {
    const ready = readyProviders(setup);
    const picked = keyRows(setup)[setup.picks.keys];
    const test = setup.tests.get(picked?.type ?? '');
    if (test) say(test.text, style(toneToken(test.tone)));
    if (!setup.isKeysOnly) say('Several models answer each question, read each other, and vote. Who can answer here?');
    if (ready.length === 0 && setup.locals !== null) {
      say('No key was found, and no server answers on this machine (Ollama, LM Studio, llama.cpp, vLLM, SGLang).');
    } else if (ready.length > 0) say(`${plural(ready.length, 'provider')} ready.`, style('ok'));
    const place = setup.keyPlaces[setup.keyPlace];
    if (picked?.kind !== 'local') act('setup-take', 'type or paste the key of this provider');
    act('setup-test', 'test it with one tiny request');
    act('setup-place', 'another place for keys');
    act('setup-forward', setup.isKeysOnly ? 'done' : 'go on to the team');
    if (!setup.isKeysOnly) act('setup-demo', 'no key: the built-in team shows how it works');
    lines.push([]);
    say(
      `Keys go to ${place?.shown ?? ''}, ${place?.label ?? ''}: readable by you only (mode 0600). A key is sent to its provider and to nobody else.`,
      DIM,
    );
    return lines;
  }
  if (setup.step === 'team') {
    const cost = estimateQuestion(setup.agents.map((agent) => pricesOf(setup, agent)));
    say(
      setup.agents.length === 1
        ? 'One agent answers alone: one request per question.'
        : `${setup.agents.length} agents answer in parallel, read each other and vote.`,
    );
    say(`A question costs about ${formatCost(cost)} with answers of usual length.`, style('info'));
    say('Prices are USD for a million tokens. Long thinking costs several times as much.', DIM);
    act('setup-take', 'choose from all models, or type a name');
    act(['setup-model-previous', 'setup-model-next'], 'the model before, the next model');
    act(['setup-add', 'setup-remove'], `more or fewer agents, ${MOST_AGENTS} at most`);
    act('setup-test', 'test this one with one tiny request');
    act('setup-forward', 'go on');
    const agent = setup.agents[setup.picks.team];
    const test = agent && setup.tests.get(agent.type);
    if (test) {
      lines.push([]);
      say(test.text, style(toneToken(test.tone)));
    }
    return lines;
  }
  const text = setup.preview.trimEnd().split('\n');
  return text.flatMap((line) => {
    const indent = ' '.repeat(line.length - line.trimStart().length);
    const shown = sanitizeLine(line.trimStart());
    const id = shown.startsWith('#') ? DIM : FG;
    // Nothing of what is written is hidden.
    const parts = wrapText(shown, width - indent.length - 2);
    return parts.map((part, i): Line => {
      const isLast = i === parts.length - 1;
      return [span(indent + part, id), ...(isLast ? [] : [span(` ${model.glyphs.goesOn}`, style('border'))])];
    });
  });
}
