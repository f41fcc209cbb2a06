-- The automatic screening of texts, prices and papers, and what a province leaves to it (slice screening).

-- A rule of the screening. A change ends the row and begins another one under the same code, so that a finding can
-- always say which version of the rule made it.
create table screening_rules (
    id uuid constraint screening_rules_pk primary key,
    code text not null constraint screening_rules_code check (code ~ '^[a-z][a-z_]{1,59}$'),
    -- screening::Test as JSON: what is looked for, with its parameters.
    test jsonb not null constraint screening_rules_test
        check (test ->> 'kind' in ('words', 'star_claim', 'contact_data', 'price_outlier', 'missing_label',
                                      'missing_paper', 'near_duplicate')),
    severity text not null constraint screening_rules_severity check (severity in ('notice', 'warning', 'serious')),
    why_vi text not null,
    why_en text not null,
    legal_basis text not null,
    effective_from date not null,
    -- First day on which it no longer holds.
    effective_to date,
    constraint screening_rules_order check (effective_to >= effective_from)
);
create unique index screening_rules_in_force on screening_rules (code) where effective_to is null;

-- The word lists of the rules, by the rule's code: a rule keeps its words when it changes.
create table screening_terms (
    id uuid constraint screening_terms_pk primary key,
    rule_code text not null,
    phrase text not null,
    -- Whether the phrase is found only with exactly these accents: "chữa" is no "chua".
    accents_matter boolean not null,
    -- Longer phrases that hold the phrase without its meaning: "sở hữu cơ sở" is not organic.
    exceptions text[] not null default '{}',
    -- Kinds of papers of which one, valid, backs the claim; none: nothing does.
    backed_by text[] not null default '{}',
    -- The stars a star claim claims.
    stars smallint constraint screening_terms_stars check (stars between 3 and 5),
    -- What an officer should know: of a protected name its registration.
    note_vi text,
    note_en text,
    legal_basis text not null,
    effective_from date not null,
    effective_to date,
    constraint screening_terms_notes check ((note_vi is null) = (note_en is null)),
    constraint screening_terms_order check (effective_to >= effective_from)
);
create unique index screening_terms_in_force on screening_terms (rule_code, phrase) where effective_to is null;

-- That something handed in was screened, and when; `subject_id` is the revision.
create table screenings (
    subject_id uuid constraint screenings_pk primary key,
    made_at timestamptz not null
);

create table findings (
    subject_id uuid not null constraint findings_screening_fk references screenings on delete cascade,
    position smallint not null,
    -- The version of the rule that made it.
    rule_id uuid not null constraint findings_rule_fk references screening_rules,
    -- JSON path of the value.
    place text not null,
    excerpt text,
    detail_vi text,
    detail_en text,
    constraint findings_pk primary key (subject_id, position)
);

-- What the texts of published listings sound like: MinHash signatures, and their bands for finding candidates.
create table text_fingerprints (
    listing_id uuid constraint text_fingerprints_pk primary key
        constraint text_fingerprints_listing_fk references listings,
    seller_id uuid not null constraint text_fingerprints_seller_fk references sellers,
    signature bigint[] not null,
    bands bigint[] not null
);
create index text_fingerprints_bands on text_fingerprints using gin (bands);

-- Whether a province publishes edits of trusted shops at once, and which of them it looks at afterwards. A change ends
-- the row; a province without a row has not switched it on.
create table trusted_publishing (
    id uuid constraint trusted_publishing_pk primary key,
    province_code text not null constraint trusted_publishing_province_fk references provinces,
    enabled boolean not null,
    -- Of a shop's edits published at once, the first and then every so manieth is looked at.
    sample_every integer not null constraint trusted_publishing_sample check (sample_every between 1 and 100),
    effective_from timestamptz not null,
    effective_to timestamptz,
    set_by uuid not null constraint trusted_publishing_set_by_fk references accounts,
    constraint trusted_publishing_order check (effective_to >= effective_from)
);
create unique index trusted_publishing_now on trusted_publishing (province_code) where effective_to is null;

-- Shops an officer trusts, from when until when and in whose words.
create table trusted_sellers (
    seller_id uuid not null constraint trusted_sellers_seller_fk references sellers,
    since timestamptz not null,
    given_by uuid not null constraint trusted_sellers_given_by_fk references accounts,
    given_words text not null,
    -- Edits published at once so far: says which of them is looked at.
    published integer not null default 0,
    ended_at timestamptz,
    ended_by uuid constraint trusted_sellers_ended_by_fk references accounts,
    ended_words text,
    constraint trusted_sellers_pk primary key (seller_id, since),
    constraint trusted_sellers_end check (
        (ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_words is null))
);
create unique index trusted_sellers_now on trusted_sellers (seller_id) where ended_at is null;

insert into verdict_reasons (code, kind, text_vi, text_en, effective_from)
values ('spot_check.misleading', 'spot_check', 'Nội dung sửa đổi gây hiểu lầm hoặc không có căn cứ', 'The edit is misleading or unfounded', '2026-07-01'),
       ('spot_check.label_wrong', 'spot_check', 'Thông tin nhãn sau sửa đổi không đúng (Nghị định 37/2026/NĐ-CP)', 'Label data are wrong after the edit (Decree 37/2026/NĐ-CP)', '2026-07-01'),
       ('spot_check.other_product', 'spot_check', 'Sửa đổi biến sản phẩm đã duyệt thành sản phẩm khác', 'The edit turns the approved product into another one', '2026-07-01'),
       ('spot_check.poor_picture', 'spot_check', 'Hình ảnh mới không rõ hoặc không đúng sản phẩm', 'New pictures are unclear or not of the product', '2026-07-01');

insert into screening_rules (id, code, test, severity, why_vi, why_en, legal_basis, effective_from)
values (gen_random_uuid(), 'forbidden_goods', '{"kind": "words"}', 'serious',
        'Nhắc đến hàng hóa bị cấm kinh doanh', 'Names goods that must not be traded',
        'Luật Đầu tư (ngành, nghề cấm đầu tư kinh doanh); Nghị quyết 173/2024/QH15', '2026-07-01'),
       (gen_random_uuid(), 'cure_claim', '{"kind": "words"}', 'serious',
        'Nội dung khiến người mua hiểu sản phẩm là thuốc hoặc chữa được bệnh', 'Reads as if the goods were a medicine or cured a disease',
        'Nghị định 15/2018/NĐ-CP, Điều 27; Luật Quảng cáo (sửa đổi bởi Luật 75/2025/QH15)', '2026-07-01'),
       (gen_random_uuid(), 'health_claim', '{"kind": "words"}', 'warning',
        'Công dụng với sức khỏe chỉ được nêu theo hồ sơ công bố sản phẩm', 'Effects on health may be named only as declared for the product',
        'Nghị định 15/2018/NĐ-CP, Điều 27', '2026-07-01'),
       (gen_random_uuid(), 'organic_claim', '{"kind": "words"}', 'warning',
        'Nhận là hữu cơ nhưng gian hàng chưa có giấy chứng nhận hữu cơ còn hiệu lực', 'Claims to be organic, but the shop holds no valid organic certificate',
        'Nghị định 109/2018/NĐ-CP', '2026-07-01'),
       (gen_random_uuid(), 'protected_name', '{"kind": "words"}', 'warning',
        'Dùng chỉ dẫn địa lý được bảo hộ nhưng chưa có văn bản cho phép sử dụng', 'Uses a protected geographical indication without the right to use it',
        'Luật Sở hữu trí tuệ (sửa đổi bởi Luật 131/2025/QH15)', '2026-07-01'),
       (gen_random_uuid(), 'superlative', '{"kind": "words"}', 'notice',
        'Từ ngữ tuyệt đối cần tài liệu hợp pháp chứng minh', 'A superlative needs lawful evidence',
        'Luật Quảng cáo, Điều 8 (sửa đổi bởi Luật 75/2025/QH15)', '2026-07-01'),
       (gen_random_uuid(), 'star_claim', '{"kind": "star_claim"}', 'serious',
        'Nêu số sao OCOP cao hơn giấy chứng nhận còn hiệu lực', 'Claims more OCOP stars than a certificate valid today carries',
        'Quyết định 26/2026/QĐ-TTg', '2026-07-01'),
       (gen_random_uuid(), 'contact_data', '{"kind": "contact_data"}', 'warning',
        'Thông tin liên hệ hoặc tài khoản trong nội dung kéo giao dịch ra ngoài sàn', 'Contact or account data in the texts lead buyers away from the marketplace',
        'Quy chế sàn', '2026-07-01'),
       (gen_random_uuid(), 'price_outlier', '{"kind": "price_outlier", "times": 5, "least_listings": 5}', 'notice',
        'Giá lệch xa giá thường gặp của bộ sản phẩm', 'The price is far from what goods of the set usually cost',
        'Quy chế sàn', '2026-07-01'),
       (gen_random_uuid(), 'missing_label', '{"kind": "missing_label"}', 'serious',
        'Thiếu thông tin nhãn bắt buộc', 'Required label data are missing',
        'Nghị định 37/2026/NĐ-CP', '2026-07-01'),
       (gen_random_uuid(), 'missing_paper', '{"kind": "missing_paper"}', 'serious',
        'Thiếu giấy tờ hoặc giấy tờ đã hết hiệu lực', 'A paper is missing or no longer valid',
        'Nghị định 248/2026/NĐ-CP, Điều 18', '2026-07-01'),
       (gen_random_uuid(), 'near_duplicate', '{"kind": "near_duplicate", "percent": 70}', 'notice',
        'Nội dung gần giống sản phẩm của gian hàng khác', 'The texts are nearly those of another shop''s listing',
        'Quy chế sàn', '2026-07-01');

-- Words nothing backs. Phrases that mean another thing without their accents ask for them.
insert into screening_terms (id, rule_code, phrase, accents_matter, exceptions, legal_basis, effective_from)
select gen_random_uuid(), rule_code, phrase, accents_matter, exceptions, legal_basis, '2026-07-01'
  from (values
       ('forbidden_goods', 'ma túy', true, '{}'::text[], 'Luật Đầu tư (ngành, nghề cấm đầu tư kinh doanh)'),
       ('forbidden_goods', 'cần sa', true, '{}', 'Luật Đầu tư (ngành, nghề cấm đầu tư kinh doanh)'),
       ('forbidden_goods', 'anh túc', true, '{}', 'Luật Đầu tư (ngành, nghề cấm đầu tư kinh doanh)'),
       ('forbidden_goods', 'pháo nổ', true, '{}', 'Luật Đầu tư (ngành, nghề cấm đầu tư kinh doanh)'),
       ('forbidden_goods', 'sừng tê giác', false, '{}', 'Luật Đầu tư; Công ước CITES'),
       ('forbidden_goods', 'ngà voi', true, '{}', 'Luật Đầu tư; Công ước CITES'),
       ('forbidden_goods', 'vảy tê tê', false, '{}', 'Luật Đầu tư; Công ước CITES'),
       ('forbidden_goods', 'mật gấu', true, '{}', 'Luật Đầu tư; Công ước CITES'),
       ('forbidden_goods', 'cao hổ cốt', false, '{}', 'Luật Đầu tư; Công ước CITES'),
       ('forbidden_goods', 'thuốc lá điện tử', false, '{}', 'Nghị quyết 173/2024/QH15'),
       ('forbidden_goods', 'bóng cười', true, '{}', 'Nghị quyết 173/2024/QH15'),
       ('forbidden_goods', 'shisha', false, '{}', 'Nghị quyết 173/2024/QH15'),
       ('cure_claim', 'chữa bệnh', true, '{không có tác dụng thay thế thuốc chữa bệnh}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'chữa khỏi', true, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'chữa ung thư', true, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'chữa trị', true, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'trị bệnh', true, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'trị dứt điểm', false, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'đặc trị', true, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'khỏi bệnh', true, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'thần dược', true, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'thay thế thuốc', false, '{không có tác dụng thay thế thuốc,không thay thế thuốc}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'điều trị ung thư', false, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'cures cancer', false, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'cures disease', false, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('cure_claim', 'cures diabetes', false, '{}', 'Nghị định 15/2018/NĐ-CP, Điều 27'),
       ('superlative', 'tốt nhất', true, '{tốt nhất trước ngày,sử dụng tốt nhất,dùng tốt nhất}', 'Luật Quảng cáo, Điều 8'),
       ('superlative', 'số một việt nam', false, '{}', 'Luật Quảng cáo, Điều 8'),
       ('superlative', 'số 1 việt nam', false, '{}', 'Luật Quảng cáo, Điều 8'),
       ('superlative', 'duy nhất tại việt nam', false, '{}', 'Luật Quảng cáo, Điều 8'),
       ('contact_data', 'zalo', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'facebook', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'fanpage', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'messenger', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'telegram', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'whatsapp', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'inbox', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'số tài khoản', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'stk', false, '{}', 'Quy chế sàn'),
       ('contact_data', 'chuyển khoản trước', false, '{}', 'Quy chế sàn')
  ) as list (rule_code, phrase, accents_matter, exceptions, legal_basis);

-- Claims a paper backs.
insert into screening_terms (id, rule_code, phrase, accents_matter, exceptions, backed_by, note_vi, note_en, legal_basis, effective_from)
select gen_random_uuid(), rule_code, phrase, accents_matter, exceptions, backed_by, note_vi, note_en, legal_basis, '2026-07-01'
  from (values
       ('health_claim', 'hạ đường huyết', true, '{}'::text[], '{product_declaration}'::text[], null, null, 'Nghị định 15/2018/NĐ-CP'),
       ('health_claim', 'hạ huyết áp', false, '{}', '{product_declaration}', null, null, 'Nghị định 15/2018/NĐ-CP'),
       ('health_claim', 'giảm mỡ máu', false, '{}', '{product_declaration}', null, null, 'Nghị định 15/2018/NĐ-CP'),
       ('health_claim', 'tăng cường miễn dịch', false, '{}', '{product_declaration}', null, null, 'Nghị định 15/2018/NĐ-CP'),
       ('health_claim', 'phòng ngừa ung thư', false, '{}', '{product_declaration}', null, null, 'Nghị định 15/2018/NĐ-CP'),
       ('health_claim', 'hỗ trợ điều trị', false, '{}', '{product_declaration}', null, null, 'Nghị định 15/2018/NĐ-CP'),
       ('health_claim', 'giải độc gan', false, '{}', '{product_declaration}', null, null, 'Nghị định 15/2018/NĐ-CP'),
       ('organic_claim', 'hữu cơ', true, '{sở hữu cơ sở,sở hữu cơ ngơi,phân hữu cơ,phân bón hữu cơ}', '{organic_certificate}', null, null, 'Nghị định 109/2018/NĐ-CP'),
       ('organic_claim', 'huu co', true, '{so huu co so,phan huu co,phan bon huu co}', '{organic_certificate}', null, null, 'Nghị định 109/2018/NĐ-CP'),
       ('organic_claim', 'organic', false, '{organic fertiliser,organic fertilizer}', '{organic_certificate}', null, null, 'Nghị định 109/2018/NĐ-CP'),
       ('protected_name', 'mật ong bạc hà mèo vạc', false, '{}', '{gi_right}',
        'Chỉ dẫn địa lý “Mèo Vạc” cho mật ong bạc hà, vùng cao nguyên đá Đồng Văn (Tuyên Quang)',
        'Geographical indication “Mèo Vạc” for mint honey of the Đồng Văn karst plateau (Tuyên Quang)', 'Luật Sở hữu trí tuệ'),
       ('protected_name', 'bạc hà mèo vạc', false, '{}', '{gi_right}',
        'Chỉ dẫn địa lý “Mèo Vạc” cho mật ong bạc hà, vùng cao nguyên đá Đồng Văn (Tuyên Quang)',
        'Geographical indication “Mèo Vạc” for mint honey of the Đồng Văn karst plateau (Tuyên Quang)', 'Luật Sở hữu trí tuệ'),
       ('protected_name', 'cam sành hà giang', false, '{}', '{gi_right}',
        'Chỉ dẫn địa lý “Hà Giang” cho cam sành (Tuyên Quang)',
        'Geographical indication “Hà Giang” for king mandarins (Tuyên Quang)', 'Luật Sở hữu trí tuệ'),
       ('protected_name', 'muối bạc liêu', false, '{}', '{gi_right}',
        'Chỉ dẫn địa lý “Bạc Liêu” cho muối ăn, bảo hộ năm 2013 (Cà Mau)',
        'Geographical indication “Bạc Liêu” for salt, protected since 2013 (Cà Mau)', 'Luật Sở hữu trí tuệ'),
       ('protected_name', 'miến dong bắc kạn', false, '{}', '{gi_right}',
        'Chỉ dẫn địa lý “Bắc Kạn” cho miến dong, bảo hộ năm 2021 (Thái Nguyên)',
        'Geographical indication “Bắc Kạn” for canna vermicelli, protected since 2021 (Thái Nguyên)', 'Luật Sở hữu trí tuệ')
  ) as list (rule_code, phrase, accents_matter, exceptions, backed_by, note_vi, note_en, legal_basis);

-- Star claims, in figures, words and stars: a drawn star reads as the word "sao".
insert into screening_terms (id, rule_code, phrase, accents_matter, exceptions, stars, legal_basis, effective_from)
select gen_random_uuid(), 'star_claim', phrase, true, exceptions, stars, 'Quyết định 26/2026/QĐ-TTg', '2026-07-01'
  from (values
       ('5 sao', 5, '{khách sạn 5 sao,tiêu chuẩn khách sạn 5 sao}'::text[]), ('năm sao', 5, '{khách sạn năm sao}'),
       ('sao sao sao sao sao', 5, '{}'), ('5 star', 5, '{}'), ('5 stars', 5, '{}'), ('five star', 5, '{}'), ('five stars', 5, '{}'),
       ('4 sao', 4, '{khách sạn 4 sao}'), ('bốn sao', 4, '{khách sạn bốn sao}'), ('sao sao sao sao', 4, '{}'),
       ('4 star', 4, '{}'), ('4 stars', 4, '{}'), ('four star', 4, '{}'), ('four stars', 4, '{}'),
       ('3 sao', 3, '{khách sạn 3 sao}'), ('ba sao', 3, '{khách sạn ba sao}'), ('sao sao sao', 3, '{}'),
       ('3 star', 3, '{}'), ('3 stars', 3, '{}'), ('three star', 3, '{}'), ('three stars', 3, '{}')
  ) as list (phrase, stars, exceptions);
