/** Who is signed in sees the views; who is not sees the door. */
import { Frame } from "./frame.tsx";
import { session } from "./session.ts";
import { SignIn } from "./sign-in.tsx";

export function App() {
  const who = session();
  return who === undefined ? <SignIn /> : <Frame key={`${who.site} ${who.token}`} session={who} />;
}
