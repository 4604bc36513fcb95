/** Language and theme. */
import { chooseTheme, THEMES, theme } from "./theme.ts";
import { LANGUAGES, speak, tag, words } from "./words.ts";

export function LookSwitches() {
  const say = words().look;
  return (
    <div class="switches">
      <select
        aria-label={say.language}
        value={tag()}
        onChange={(event) => void speak(event.currentTarget.value)}
      >
        {LANGUAGES.map((language) => (
          <option key={language} value={language}>
            {new Intl.DisplayNames(language, { type: "language" }).of(language)}
          </option>
        ))}
      </select>
      <select
        aria-label={say.theme}
        value={theme()}
        onChange={(event) => {
          const chosen = THEMES.find((one) => one === event.currentTarget.value);
          if (chosen !== undefined) chooseTheme(chosen);
        }}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {say[one]}
          </option>
        ))}
      </select>
    </div>
  );
}
