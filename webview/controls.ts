// Controls: the only file that knows the toolkit, so that it can be swapped; registers only what the panel uses.
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeProgressRing());
}

export function button(label: string, title: string, onClick: () => void): HTMLElement {
  const element = document.createElement('vscode-button');
  element.setAttribute('appearance', 'secondary');
  element.textContent = label;
  element.title = title;
  element.setAttribute('aria-label', title);
  element.addEventListener('click', onClick);
  return element;
}

/** `setChecked` does not call `onChange`. */
export function checkbox(
  label: string,
  onChange: (checked: boolean) => void,
): { element: HTMLElement; setChecked(checked: boolean): void } {
  const element = document.createElement('vscode-checkbox') as HTMLElement & { checked: boolean };
  element.textContent = label;
  let quiet = false;
  element.addEventListener('change', () => {
    if (!quiet) onChange(element.checked);
  });
  return {
    element,
    setChecked(checked) {
      quiet = true;
      element.checked = checked;
      quiet = false;
    },
  };
}

export function progress(label: string): HTMLElement {
  const element = document.createElement('vscode-progress-ring');
  element.setAttribute('aria-label', label);
  return element;
}
