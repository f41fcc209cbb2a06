-- The newest 24 of a province with so many stars: what an index was made for.
\set n random(1, :cards)
select card.*, sellers.name, sellers.kind, communes.name_vi, provinces.name_vi, legacy_provinces.name_vi, media.name
  from shelf_cards(current_date) as card
  join sellers on sellers.id = card.seller_id
  join communes on communes.code = card.commune_code
  join provinces on provinces.code = card.province_code
  join legacy_provinces on legacy_provinces.code = card.legacy_province_code
  left join media on media.id = card.image_id
 where card.province_code = (select province_code from bench_cards where n = :n)
   and card.stars >= 3
   and card.minimum_age is null
 order by card.published_at desc, card.id desc
 limit 24;
