// Steps: a guided input of several questions with a back button and "n of m"; knows nothing of what is asked.
import * as vscode from 'vscode';

export type Given<T> =
  | { readonly move: 'next'; readonly value: T }
  | { readonly move: 'back' }
  | { readonly move: 'cancel' };

/** How a question stands among the others. */
export interface Frame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface Step {
  /** Whether it is asked, given the answers so far. */
  applies(): boolean;
  /** Keeps the answer itself and says where to go. */
  ask(frame: Frame): Promise<Given<unknown>['move']>;
}

/** True: all were answered. False: given up. Back from the first is giving up. */
export async function runSteps(title: string, steps: readonly Step[], from = 0): Promise<boolean> {
  let at = from;
  while (at < steps.length) {
    const step = steps[at];
    if (!step) return true;
    if (!step.applies()) {
      at += 1;
      continue;
    }
    const asked = steps.filter((one) => one.applies());
    const move = await step.ask({ title, step: asked.indexOf(step) + 1, totalSteps: asked.length });
    if (move === 'cancel') return false;
    if (move === 'next') at += 1;
    else {
      at = steps.findLastIndex((one, index) => index < at && one.applies());
      if (at < 0) return false;
    }
  }
  return true;
}

export interface PickQuestion<T> {
  readonly placeholder: string;
  readonly items: readonly (vscode.QuickPickItem & { readonly value?: T })[];
  /** Of the item to begin with. */
  readonly active?: T;
  /** What was typed is an answer too: the item it becomes. */
  readonly typed?: (text: string) => (vscode.QuickPickItem & { readonly value: T }) | undefined;
}

/** One of a list. Separators have no value and cannot be chosen. */
export function pick<T>(frame: Frame, question: PickQuestion<T>): Promise<Given<T>> {
  const input = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly value?: T }>();
  input.placeholder = question.placeholder;
  input.items = question.items;
  input.matchOnDescription = true;
  const active = question.items.filter((item) => question.active !== undefined && item.value === question.active);
  if (active.length > 0) input.activeItems = active;
  input.onDidChangeValue((text) => {
    const own = question.typed?.(text.trim());
    if (question.typed) input.items = own ? [...question.items, own] : question.items;
  });
  return answered(input, frame, () => {
    // Who types fast presses Enter before what was typed is an item.
    const value = (input.selectedItems[0] ?? question.typed?.(input.value.trim()))?.value;
    return value === undefined ? undefined : { move: 'next', value };
  });
}

export interface TextQuestion {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly password?: boolean;
  /** Undefined: fine. */
  readonly problem: (text: string) => string | undefined;
}

/** A line of text, checked as it is typed; an empty one is told what is wanted only on Enter. */
export function line(frame: Frame, question: TextQuestion): Promise<Given<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = question.prompt;
  input.placeholder = question.placeholder;
  input.value = question.value ?? '';
  input.password = question.password ?? false;
  const check = (): string | undefined => question.problem(input.value);
  input.onDidChangeValue((text) => {
    input.validationMessage = text === '' ? undefined : check();
  });
  return answered(input, frame, () => {
    input.validationMessage = check();
    return input.validationMessage ? undefined : { move: 'next', value: input.value };
  });
}

/** Shows an input and waits for its answer; `accept` says undefined while there is none. It stays when the focus moves. */
function answered<T>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  { title, step, totalSteps }: Frame,
  accept: () => Given<T> | undefined,
): Promise<Given<T>> {
  input.title = title;
  input.step = step;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const end = (given: Given<T>): void => {
      resolve(given);
      input.dispose();
    };
    input.onDidTriggerButton(() => end({ move: 'back' }));
    input.onDidAccept(() => {
      const given = accept();
      if (given) end(given);
    });
    input.onDidHide(() => end({ move: 'cancel' }));
    input.show();
  });
}
