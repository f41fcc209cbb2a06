-- What the marketplace promises in public, in dated versions, and who agreed to which (slice policies).
-- Decree 248/2026/NĐ-CP art. 4-14; Law 91/2025/QH15 and Decree 356/2025/NĐ-CP on personal data.

create table policy_versions (
    id uuid not null constraint policy_versions_id_key unique,
    kind text not null constraint policy_versions_kind
        check (kind in ('operating_rules', 'privacy', 'complaints', 'returns', 'ranking')),
    -- The first day in force; it names the version.
    effective_from date not null,
    title_vi text not null,
    title_en text not null,
    text_vi text not null,
    text_en text not null,
    published_at timestamptz not null,
    -- Null: came with the marketplace.
    published_by uuid constraint policy_versions_published_by_fk references accounts,
    constraint policy_versions_pk primary key (kind, effective_from)
);

-- Kept as proof: never changed, never taken back.
create table policy_acceptances (
    account_id uuid not null constraint policy_acceptances_account_fk references accounts on delete cascade,
    kind text not null,
    version date not null,
    accepted_at timestamptz not null,
    constraint policy_acceptances_pk primary key (account_id, kind, version),
    constraint policy_acceptances_version_fk foreign key (kind, version) references policy_versions
);

insert into policy_versions (id, kind, effective_from, title_vi, title_en, text_vi, text_en, published_at)
values ('0197f1e8-8400-7000-8000-000000000001', 'operating_rules', '2026-07-01', 'Quy chế hoạt động', 'Operating rules',
$$1. Sàn là nền tảng thương mại điện tử trung gian có chức năng đặt hàng cho sản phẩm của Chương trình Mỗi xã một sản phẩm (OCOP), theo Luật Thương mại điện tử 122/2025/QH15 và Nghị định 248/2026/NĐ-CP. Tên, địa chỉ và thông tin đăng ký của đơn vị vận hành được bổ sung bằng một phiên bản của quy chế này trước khi sàn mở cho công chúng.
2. Người bán là hợp tác xã, tổ hợp tác, hộ kinh doanh, doanh nghiệp hoặc trang trại. Cửa hàng chỉ mở sau khi Sở Công Thương của tỉnh đã xem hồ sơ và giấy tờ. Trang của cửa hàng cho biết ai đứng sau cửa hàng. Từ ngày 01/01/2027, người bán phải được xác thực điện tử trước khi bán.
3. Nội dung bài đăng được kiểm duyệt trước khi hiển thị. Mọi sửa đổi về nội dung cũng được xem lại; giá và tồn kho thay đổi ngay. Quyết định không chấp thuận luôn nêu lý do.
4. Sao OCOP chỉ hiển thị khi giấy chứng nhận đã được xác minh và còn hiệu lực trong ngày.
5. Giá tính bằng đồng Việt Nam, là giá phải trả cho sản phẩm; phí vận chuyển được nêu riêng trong báo giá trước khi đặt hàng. Nếu tổng tiền đổi trước khi đặt, người mua phải xác nhận lại.
6. Người bán phải xác nhận đơn hàng trong thời hạn ghi trên đơn; quá hạn, đơn tự hủy. Người bán giao hàng qua đơn vị vận chuyển do mình chọn và báo mã vận đơn.
7. Sàn không giữ tiền của người mua. Người mua trả tiền mặt khi nhận hàng, chuyển khoản VietQR thẳng vào tài khoản của cửa hàng, hoặc trả qua VNPay, MoMo là tổ chức được cấp phép; tiền trả qua tổ chức này được chuyển cho cửa hàng sau khi đơn hàng hoàn tất và không còn yêu cầu trả hàng đang mở.
8. Theo yêu cầu của cơ quan có thẩm quyền, nội dung vi phạm được gỡ trong 24 giờ. Ngoài trường hợp đó, cửa hàng chỉ bị đình chỉ khi có căn cứ và được báo trước ít nhất 5 ngày; đơn hàng đang thực hiện được hoàn tất.
9. Khiếu nại, đổi trả, xếp hạng và dữ liệu cá nhân có chính sách riêng, công bố cùng quy chế này.
10. Thay đổi quy chế được công bố thành phiên bản có ngày hiệu lực; phiên bản cũ vẫn xem được. Người nộp hồ sơ mở cửa hàng phải đồng ý với phiên bản đang có hiệu lực bằng một hành động riêng; sàn không đánh dấu sẵn.$$,
$$1. This is an intermediary e-commerce platform with ordering for products of the One Commune One Product programme (OCOP), under the Law on E-commerce 122/2025/QH15 and Decree 248/2026/NĐ-CP. Name, address and registration of the operator are added by a version of these rules before the marketplace opens to the public.
2. Sellers are cooperatives, cooperative groups, household businesses, enterprises or farms. A shop opens only after the department of industry and trade of its province has looked at its file and papers. The shop's page says who stands behind it. From 1 January 2027 sellers must be electronically authenticated before they sell.
3. Listings are moderated before they are shown. Changes of content are looked at again; prices and stock change at once. A decision that is not an approval always says why.
4. OCOP stars are shown only while a verified certificate is valid on the day.
5. Prices are in Vietnamese dong and are what the goods cost; shipping is stated separately in the quote before ordering. If the total changes before the order is placed, the buyer must agree again.
6. The seller must accept an order by the time stated on it; after that the order is cancelled. The seller ships with a carrier of its choice and states the tracking code.
7. The platform holds no money of buyers. Buyers pay in cash on delivery, by VietQR transfer straight to the shop's account, or through VNPay or MoMo, which are licensed; what is paid through these is passed on to the shop once the order is completed and no return of it is open.
8. At the request of a competent authority, unlawful content is taken down within 24 hours. Otherwise a shop is suspended only on stated grounds and with at least 5 days' notice; running orders are finished.
9. Complaints, returns, ranking and personal data have policies of their own, published with these rules.
10. Changes are published as versions with a day of effect; old versions stay readable. Whoever submits a shop must agree to the version in force by an act of their own; nothing is ticked beforehand.$$,
'2026-06-30T17:00:00Z'),
('0197f1e8-8400-7000-8000-000000000002', 'privacy', '2026-07-01', 'Chính sách bảo vệ dữ liệu cá nhân', 'Privacy policy',
$$1. Mục đích: tạo và bảo vệ tài khoản; thực hiện và giao đơn hàng; duyệt hồ sơ người bán; giải quyết khiếu nại; thực hiện nghĩa vụ theo pháp luật. Tin về sản phẩm và chương trình chỉ gửi khi bạn đồng ý riêng.
2. Phạm vi: tên hiển thị, e-mail hoặc số điện thoại, mật khẩu (chỉ lưu dạng băm), địa chỉ nhận hàng, đơn hàng, đánh giá, khiếu nại; với người bán thêm giấy tờ và, với hộ kinh doanh, số định danh cá nhân. Sàn không theo dõi hành vi duyệt của bạn.
3. Thời hạn: dữ liệu đơn hàng được giữ ít nhất 3 năm, bài đăng ít nhất 1 năm theo pháp luật thương mại điện tử; thư và tin nhắn được xóa sau 30 ngày; dữ liệu tài khoản được giữ khi tài khoản còn mở.
4. Ai được xem: người bán xem tên, số điện thoại và địa chỉ nhận hàng của đơn hàng của mình; người bị khiếu nại chỉ thấy tên hiển thị của bạn; công chúng chỉ thấy tên hiển thị bên đánh giá; cán bộ có thẩm quyền của tỉnh xem hồ sơ thuộc tỉnh mình và mọi lần xem đều được ghi lại; cơ quan có thẩm quyền nhận thông tin khi có yêu cầu theo luật. Dữ liệu không được bán.
5. Bảo vệ: số định danh được mã hóa khi lưu và chỉ hiện các số cuối. Nếu xảy ra vi phạm dữ liệu, cơ quan có thẩm quyền được thông báo trong 72 giờ.
6. Quyền của bạn: xem, sửa, rút lại đồng ý, yêu cầu xóa dữ liệu không còn phải lưu theo luật. Đồng ý được hỏi theo từng mục đích, không đánh dấu sẵn; im lặng không phải là đồng ý; mỗi lần đồng ý được lưu kèm phiên bản và thời điểm.
7. Đơn vị kiểm soát dữ liệu là đơn vị vận hành sàn; thông tin liên hệ nằm trong quy chế hoạt động.
8. Khiếu nại về dữ liệu cá nhân: loại `personal_data` trong mục khiếu nại, với thời hạn đã công bố.$$,
$$1. Purposes: to create and protect your account; to carry out and deliver orders; to examine sellers' files; to settle complaints; to meet legal duties. News of products and programmes is sent only if you agree to that separately.
2. Scope: display name, e-mail address or phone number, password (kept as a hash only), delivery addresses, orders, reviews, complaints; of sellers also papers and, of household businesses, the personal ID number. Your browsing is not tracked.
3. Time: order data is kept for at least 3 years and listings for at least 1 year, as e-commerce law demands; letters and messages are deleted after 30 days; account data is kept while the account is open.
4. Who sees it: a seller sees name, phone number and delivery address of its own orders; whoever you complain about sees your display name only; the public sees the display name beside a review; authorised officers of a province see the files of their province, and every look is recorded; competent authorities receive information when the law entitles them. Data is not sold.
5. Protection: ID numbers are encrypted at rest, and only their last digits are shown. The competent authority is told of a data breach within 72 hours.
6. Your rights: to see, to correct, to withdraw consent, to have data deleted that the law no longer requires. Consent is asked for each purpose, with nothing ticked beforehand; silence is not consent; each consent is kept with its version and time.
7. The controller is the operator of the marketplace; the operating rules say how to reach it.
8. Complaints about personal data: kind `personal_data` among the complaints, with its published deadline.$$,
'2026-06-30T17:00:00Z'),
('0197f1e8-8400-7000-8000-000000000003', 'complaints', '2026-07-01', 'Quy trình giải quyết khiếu nại', 'Complaints',
$$1. Người mua có tài khoản và đã xác nhận liên hệ có thể khiếu nại về một bài đăng, một cửa hàng hoặc đơn hàng của mình.
2. Mỗi loại khiếu nại có thời hạn giải quyết riêng, tính bằng giờ hoặc ngày làm việc, công bố tại `/v1/complaint_kinds` cùng thời hạn người bán phải trả lời. Thời hạn áp dụng là thời hạn của ngày gửi khiếu nại và được ghi trên khiếu nại.
3. Khiếu nại được chuyển đến Sở Công Thương của tỉnh nơi cửa hàng đặt trụ sở và được báo cho cửa hàng. Cửa hàng thấy nội dung và tên hiển thị của bạn, không thấy liên hệ hay tài khoản.
4. Cửa hàng có thể trả lời. Dù cửa hàng không trả lời, khiếu nại vẫn được quyết định.
5. Cán bộ làm trung gian và trả kết quả bằng văn bản: chấp nhận hoặc không chấp nhận, kèm căn cứ. Kết quả được gửi cho cả hai bên. Khiếu nại không tự chuyển tiền; muốn hoàn tiền, hãy gửi yêu cầu trả hàng theo chính sách đổi trả và hoàn tiền.
6. Bạn có thể rút khiếu nại khi chưa có kết quả. Mỗi việc, mỗi loại chỉ mở một khiếu nại tại một thời điểm.
7. Kết quả không làm mất quyền của bạn: bạn có thể đề nghị cơ quan bảo vệ quyền lợi người tiêu dùng, hòa giải, trọng tài hoặc khởi kiện theo Luật Bảo vệ quyền lợi người tiêu dùng 19/2023/QH15.
8. Đánh giá có thể bị báo cáo vì xúc phạm, tiết lộ dữ liệu cá nhân, quảng cáo, không nói về sản phẩm hoặc trái pháp luật. Không đánh giá nào bị ẩn chỉ vì chê.$$,
$$1. A buyer with an account and a confirmed contact may complain about a listing, a shop, or an order of their own.
2. Each kind of complaint has a deadline of its own, in hours or working days, published at `/v1/complaint_kinds` together with the time the seller has to answer. What holds is the deadline of the day the complaint was made; it stands on the complaint.
3. The complaint goes to the department of industry and trade of the shop's province, and the shop is told. The shop sees your words and display name, neither contact nor account.
4. The shop may answer. The complaint is decided whether it does or not.
5. An officer mediates and gives a written result: upheld or not, with grounds. Both sides receive it. A complaint moves no money by itself; for a refund, ask for a return under the policy of returns and refunds.
6. You may withdraw a complaint until there is a result. Of each kind, one complaint about one thing can be open at a time.
7. The result takes no right from you: you may turn to the authority for consumer protection, to mediation, arbitration or the courts under the Law on Protection of Consumers' Rights 19/2023/QH15.
8. Reviews can be reported for insults, disclosing personal data, advertising, not being about the product, or being unlawful. No review is hidden for being negative.$$,
'2026-06-30T17:00:00Z'),
('0197f1e8-8400-7000-8000-000000000004', 'returns', '2026-07-01', 'Chính sách đổi trả và hoàn tiền', 'Returns and refunds',
$$1. Người mua có thể hủy đơn hàng cho đến khi kiện hàng được đóng gói; đơn quá hạn xác nhận tự hủy.
2. Sau khi nhận hàng, người mua yêu cầu trả hàng theo từng dòng và số lượng, nêu lý do và ảnh nếu có. Lý do và thời hạn của từng bước được công bố tại `/v1/return_rules`.
3. Hàng không đúng mô tả, hư hỏng, giao nhầm, thiếu hoặc quá hạn: người bán luôn phải nhận lại và hoàn tiền theo Luật 122/2025/QH15, Điều 17 và Luật Bảo vệ quyền lợi người tiêu dùng 19/2023/QH15. Người bán chịu phí gửi trả; phần phí vận chuyển của số hàng đó được hoàn cùng tiền hàng. Nếu người bán không đồng ý, việc được chuyển ngay đến Sở Công Thương.
4. Không còn nhu cầu: chỉ trả được nếu chính sách của cửa hàng vào ngày đặt hàng cho phép; hàng tươi, dễ hỏng không đổi trả vì lý do này. Người mua chịu phí gửi trả; phí vận chuyển không được hoàn.
5. Người bán chấp nhận, đề nghị hoàn một phần hoặc từ chối. Người bán không trả lời đúng hạn, hoặc không xác nhận hàng đã gửi trả, thì việc được chuyển đến Sở Công Thương của tỉnh nơi cửa hàng đặt trụ sở; im lặng không làm phát sinh hoàn tiền. Người mua không tiếp tục đúng hạn thì yêu cầu hết hiệu lực.
6. Tiền hoàn được tính theo từng đơn vị hàng từ giá, giảm giá và phí vận chuyển đã chốt khi đặt hàng; trả nhiều lần cộng lại đúng bằng trả một lần.
7. Tiền được hoàn bằng cùng phương thức: qua VNPay, MoMo nếu đã trả qua đó; nếu trả khi nhận hàng hoặc chuyển khoản thì người bán hoàn trực tiếp trong thời hạn công bố và gửi chứng từ.
8. Khi có tranh chấp, cán bộ làm trung gian và trả kết quả bằng văn bản. Kết quả chỉ tự chuyển tiền khi tiền còn ở tổ chức được cấp phép; nếu tiền đã đến người bán, đó là kiến nghị có thời hạn để người bán thực hiện. Kết quả không làm mất quyền khởi kiện của bên nào.
9. Hàng tươi, dễ hỏng: nên báo ngay khi nhận, chụp ảnh và giữ lại hàng, bao bì để đối chiếu.$$,
$$1. A buyer may cancel an order until its parcel is packed; an order that is not accepted in time is cancelled.
2. After delivery a buyer asks for a return by line and quantity, with a reason, and pictures where there are any. Reasons, and the time for each step, are published at `/v1/return_rules`.
3. Goods not as described, damaged, mixed up, missing or past their date: the seller always takes them back and refunds them, under Law 122/2025/QH15, article 17, and the Law on Protection of Consumers' Rights 19/2023/QH15. The seller bears the cost of sending them back; their share of the shipping is refunded with them. If the seller disagrees, the matter goes to the department of industry and trade at once.
4. A change of mind: only if the shop's policy of the day of the order allows it; fresh and perishable goods do not come back for this reason. The buyer bears the cost of sending them back; shipping is not refunded.
5. The seller accepts, offers a part or refuses. A seller who does not answer in time, or does not say that goods sent back have arrived, finds the matter before the department of the shop's province; silence refunds nothing by itself. A return the buyer does not go on with in time lapses.
6. A refund is counted unit by unit from the price, discounts and shipping fixed when the order was placed; returned in parts, the parts sum to exactly the whole.
7. Refunds go back by the same means: through VNPay or MoMo what was paid there; what was paid on delivery or by transfer the seller gives back directly, within the published time and with proof.
8. In a dispute an officer mediates and gives a written result. It moves money by itself only while the licensed partner still has it; where the seller has it, it is a recommendation with a date for the seller to follow. It takes nobody's way to the courts.
9. Fresh and perishable goods: please report at once on arrival, take pictures, and keep goods and packaging for comparison.$$,
'2026-06-30T17:00:00Z'),
('0197f1e8-8400-7000-8000-000000000005', 'ranking', '2026-07-01', 'Tiêu chí xếp hạng', 'How listings are ranked',
$$1. Không ai có thể trả tiền để được xếp cao hơn. Sàn không có vị trí quảng cáo.
2. Khi không tìm theo từ: số sao OCOP còn hiệu lực trong ngày (mỗi sao 10 điểm), còn hàng (5 điểm), điểm đánh giá trung bình làm tròn xuống (tối đa 5 điểm).
3. Khi tìm theo từ: trước hết là từ tìm khớp với tên, nơi làm ra, gian hàng và phần giới thiệu đến đâu (khớp hoàn toàn là 10.000 điểm); cộng điểm cho mỗi sao OCOP còn hiệu lực trong ngày, điểm đánh giá, còn hàng, mới đăng; trừ điểm kết quả sau của cùng một gian hàng. Trọng số của từng mục có ngày hiệu lực và được công bố cùng chính sách này.
4. Người xem có thể tự sắp xếp theo mới nhất, giá tăng, giá giảm hoặc điểm đánh giá trung bình.
5. Bằng điểm thì bài đăng được lập sau đứng trước; khi tìm theo từ, bài được lập trước đứng trước. Mọi người thấy cùng một thứ tự; thứ tự không dựa trên hành vi của từng người.
6. Điểm đánh giá chỉ tính từ đánh giá của đơn hàng đã giao; đánh giá bị ẩn do vi phạm không được tính.$$,
$$1. Nobody can pay to be ranked higher. There are no advertising places.
2. Without words to search for: OCOP stars valid on the day (10 points each), in stock (5 points), average rating rounded down (at most 5 points).
3. With words: first how well the words fit name, place, shop and summary (10,000 points for a perfect fit); plus points for each OCOP star valid on the day, for the rating, for being in stock and for being newly published; less points for further results of one shop. What each of these counts has its dates and is published with this policy.
4. Whoever browses may sort by newest, price up or down, or average rating instead.
5. Among equals, the listing created later comes first; with words, the one created earlier. Everybody sees the same order; it does not depend on anybody's behaviour.
6. Ratings count reviews of delivered orders only; reviews hidden for a breach do not count.$$,
'2026-06-30T17:00:00Z');
