-- What the public sees (slice shelf): one definition of "on the shelf". A function of the day, because stars are derived
-- from dates. The catalogue in memory is held against it.

create type shelf_card as (
    id uuid,
    slug text,
    title_vi text,
    title_en text,
    summary_vi text,
    summary_en text,
    search_text text,
    province_code text,
    legacy_province_code text,
    commune_code text,
    region text,
    set_no smallint,
    "group" text,
    minimum_age smallint,
    orderable boolean,
    stars smallint,
    certificate_id uuid,
    seller_id uuid,
    seller_slug text,
    image_id uuid,
    price_vnd bigint,
    in_stock boolean,
    rating_sum bigint,
    rating_count integer,
    published_at timestamptz,
    demo boolean
);

create function shelf_cards(today date) returns setof shelf_card
language sql stable parallel safe
begin atomic
    select listings.id,
           listings.slug,
           listings.title_vi,
           listings.title_en,
           listings.summary_vi,
           listings.summary_en,
           listings.search_text,
           listings.province_code,
           listings.legacy_province_code,
           listings.commune_code,
           provinces.region,
           listings.set_no,
           product_sets."group",
           rule.minimum_age,
           rule.orderable
           and exists (select 1 from authenticated_sellers(today) as authenticated where authenticated = sellers.id),
           certificate_stars(certificates.status, certificates.stars, certificates.expires_on, certificates.filed_on,
                             certificates.revoked_on, certificates.superseded_by, today),
           certificates.id,
           sellers.id,
           sellers.slug,
           listings.image_id,
           listings.price_vnd,
           listings.in_stock,
           listings.rating_sum,
           listings.rating_count,
           listings.published_at,
           listings.demo
      from listings
      join sellers on sellers.id = listings.seller_id
      join provinces on provinces.code = listings.province_code
      join product_sets on product_sets.set_no = listings.set_no
      left join certificates on certificates.id = listings.certificate_id
      left join lateral (
           select sale_rules.minimum_age, sale_rules.orderable
             from sale_rules
            where (sale_rules.set_no = listings.set_no or sale_rules.set_no is null)
              and sale_rules.effective_from <= today
              and (sale_rules.effective_to is null or today < sale_rules.effective_to)
            order by sale_rules.set_no nulls last, sale_rules.effective_from desc
            limit 1) as rule on true
     where listings.status = 'published'
       and sellers.status = 'approved';
end;
