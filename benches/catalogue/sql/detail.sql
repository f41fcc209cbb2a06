-- One listing with all its page shows, as one statement.
\set n random(1, :cards)
select card.*, content, sellers.name, sellers.kind, communes.name_vi, provinces.name_vi, legacy_provinces.name_vi,
       certificates.decision_number, certificates.issued_on, certificates.expires_on, certificates.authority,
       array(
           select name
             from jsonb_array_elements_text(content -> 'pictures') with ordinality as picture (id, position)
             join media on media.id = picture.id::uuid
            order by position),
       (select jsonb_agg(jsonb_build_array(variants.id, sku, name_vi, name_en, price_vnd, grams, on_hand > held)
                         order by position)
          from variants
          left join stock on stock.variant_id = variants.id
         where variants.listing_id = card.id
           and active
           and approved)
  from shelf_cards(current_date) as card
  join listings on listings.id = card.id
  join listing_revisions on listing_revisions.id = listings.published_revision
  join sellers on sellers.id = card.seller_id
  join communes on communes.code = card.commune_code
  join provinces on provinces.code = card.province_code
  join legacy_provinces on legacy_provinces.code = card.legacy_province_code
  left join certificates on certificates.id = card.certificate_id
 where card.slug = (select slug from bench_cards where n = :n);
