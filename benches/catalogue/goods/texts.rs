//! What listings say: sentences that any product could have, with its own names in them, from a few hundred bytes to
//! three thousand.

use super::dice::Dice;
use super::places::Place;

/// What a sentence speaks of.
pub struct Subject<'a> {
    pub title: &'a str,
    pub noun: &'a str,
    pub shop: &'a str,
    pub place: &'a Place,
}

impl Subject<'_> {
    fn fill(&self, sentence: &str) -> String {
        sentence
            .replace("{title}", self.title)
            .replace("{noun}", &self.noun.to_lowercase())
            .replace("{shop}", self.shop)
            .replace("{commune}", &self.place.commune)
            .replace("{district}", &self.place.district)
            .replace("{former}", &self.place.former)
            .replace("{province}", &self.place.province)
            .replace("{commune_en}", &self.place.commune_en)
            .replace("{province_en}", &self.place.province_en)
    }

    fn some_of(&self, sentences: &[&str], count: usize, dice: &mut Dice) -> String {
        let mut order: Vec<usize> = (0..sentences.len()).collect();
        dice.shuffle(&mut order);
        let mut text = String::new();
        for (at, sentence) in order.into_iter().take(count).enumerate() {
            text.push_str(match at {
                0 => "",
                at if at % 4 == 0 => "\n\n",
                _ => " ",
            });
            text.push_str(&self.fill(sentences[sentence]));
        }
        text
    }

    pub fn summary_vi(&self, dice: &mut Dice) -> String {
        let count = 1 + dice.below(2);
        shortened(self.some_of(SUMMARIES, count, dice))
    }

    pub fn summary_en(&self, dice: &mut Dice) -> String {
        shortened(self.fill(dice.pick::<&str>(SUMMARIES_EN)))
    }

    /// Most stories are short.
    pub fn story_vi(&self, dice: &mut Dice) -> String {
        let count = if dice.happens(70) { 2 + dice.below(6) } else { 8 + dice.below(STORIES.len() - 8) };
        self.some_of(STORIES, count, dice)
    }

    pub fn story_en(&self, dice: &mut Dice) -> String {
        let count = 2 + dice.below(STORIES_EN.len() - 2);
        self.some_of(STORIES_EN, count, dice)
    }
}

/// A summary has 300 characters at most.
fn shortened(text: String) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

const SUMMARIES: &[&str] = &[
    "{title}, đặc sản của {commune}, {province}.",
    "{noun} của {shop}, làm theo cách truyền thống ở {former}.",
    "Sản phẩm OCOP của {commune}: nguyên liệu tại chỗ, không chất bảo quản.",
    "Hương vị riêng của vùng {district}, đóng gói cẩn thận, gửi đi cả nước.",
    "Được chọn lọc từng mẻ, phù hợp làm quà biếu và dùng hằng ngày.",
    "{noun} thơm ngon, an toàn, truy xuất được đến từng hộ ở {commune}.",
    "Thu hoạch đúng vụ, chế biến trong ngày tại {district}.",
];

const SUMMARIES_EN: &[&str] = &[
    "A speciality of {commune_en} commune in {province_en}, made by {shop}.",
    "Made in small batches from local ingredients in {province_en}; nothing is added.",
    "From the hills of {commune_en}: harvested in season and packed on the same day.",
    "A recognised product of the One Commune One Product programme from {province_en}.",
];

const STORIES: &[&str] = &[
    "Ở {commune}, nghề làm {noun} đã có từ nhiều đời nay.",
    "{shop} gom nguyên liệu của các hộ quanh vùng, thu mua tận vườn với giá báo trước mỗi vụ.",
    "Khí hậu của {former} ngày nắng đêm lạnh, nên hương vị đậm hơn nơi khác.",
    "Mỗi mẻ chỉ vài chục ký, làm xong đến đâu đóng gói đến đó.",
    "Nguyên liệu được rửa bằng nước suối, để ráo rồi mới đem chế biến.",
    "Người già trong bản vẫn kể rằng ngày trước {noun} chỉ dành để đãi khách quý.",
    "Từ năm 2019 sản phẩm tham gia chương trình Mỗi xã một sản phẩm và được cải tiến bao bì, nhãn mác.",
    "Nhà xưởng đặt tại {district}, được cấp giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm.",
    "Các hộ liên kết ghi nhật ký sản xuất hằng ngày: giống, phân bón, ngày thu hoạch đều có thể tra lại.",
    "Không phẩm màu, không chất bảo quản; hạn dùng ngắn hơn nhưng giữ được vị thật.",
    "Chị em trong tổ phụ nữ của {commune} đảm nhận khâu phân loại và đóng gói, có thêm thu nhập lúc nông nhàn.",
    "Công đoạn khó nhất là giữ lửa: già lửa thì khét, non lửa thì không dậy mùi.",
    "{title} từng được giới thiệu tại nhiều hội chợ ở Hà Nội và Thành phố Hồ Chí Minh.",
    "Khách phương xa ghé {province} thường mua về làm quà cho gia đình, bạn bè.",
    "Bao bì dùng giấy và vật liệu dễ phân hủy, in mã truy xuất trên từng gói.",
    "Nên bảo quản nơi khô ráo, thoáng mát; mở ra thì dùng trong vòng một tháng để ngon nhất.",
    "Vùng nguyên liệu rộng hơn hai mươi héc ta nằm trên độ cao gần một nghìn mét, quanh năm mây phủ.",
    "Mưa lũ mấy năm gần đây làm mất mùa, nhưng các hộ vẫn giữ giống cũ vì không giống nào thơm bằng.",
    "Sản phẩm phù hợp để nấu, pha hoặc dùng trực tiếp; cách dùng chi tiết in trên nhãn.",
    "Mỗi đơn hàng đều kèm thư tay của người làm ra sản phẩm ở {commune}.",
    "Một phần lợi nhuận được góp vào quỹ khuyến học của xã.",
    "{shop} mong người mua góp ý để mẻ sau ngon hơn mẻ trước.",
];

const STORIES_EN: &[&str] = &[
    "In {commune_en} families have made it for generations, and every house still keeps its own way.",
    "{shop} buys from the households around it at a price agreed before the season.",
    "Cool nights and sunny days in {province_en} give it more flavour than it has elsewhere.",
    "It is made in batches of a few dozen kilograms and packed on the same day.",
    "Nothing is added: no colour, no preservative, no sugar.",
    "Each pack carries a code by which buyers can follow it back to the household that made it.",
    "Women of the commune sort and pack it, which gives them an income between the harvests.",
    "Keep it in a dry and cool place and use it within a month after opening.",
];
