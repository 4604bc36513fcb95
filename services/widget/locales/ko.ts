/** 한국어 */
import type { Names, Sentences } from "./locale.ts";

const locale: Names & Sentences = {
  group: "이 기사에 대한 반응",
  labels: ["좋아요", "슬퍼요", "화나요", "추천해요"],
  votes: { other: "{n}개" },
  total: { other: "반응 {n}개" },
  kept: "선택이 이 기기에 저장되었으며, 연결되는 대로 전송됩니다.",
  refused: "선택이 반영되지 않았습니다.",
  signIn: "로그인하면 반응을 남길 수 있습니다.",
  frozen: "이 기사의 반응 참여가 종료되었습니다.",
  hidden: "이 기사의 반응은 현재 표시되지 않습니다.",
  away: "지금은 반응을 불러올 수 없습니다.",
  missing: "이곳에서는 반응을 이용할 수 없습니다.",
};

export default locale;
