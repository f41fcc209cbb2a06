-- What the public sees (slice shelf): one definition of "on the shelf", and of every filter over it. Functions of the
-- day, because stars are derived from dates.

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
           rule.orderable and seller_is_authenticated(sellers.id, today),
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

-- The cards that fit; a null filter fits all. Each of `words` is folded and matches the beginning of a word.
create function shelf_matches(
    today date,
    region text,
    province text,
    legacy_province text,
    commune text,
    sets smallint[],
    group_of_sets text,
    stars_exactly smallint[],
    stars_min smallint,
    seller text,
    price_min bigint,
    price_max bigint,
    only_in_stock boolean,
    words text[],
    age smallint,
    slug text)
returns setof shelf_card
language sql stable parallel safe
begin atomic
    select card.*
      from shelf_cards(today) as card
     where (shelf_matches.region is null or card.region = shelf_matches.region)
       and (province is null or card.province_code = province)
       and (legacy_province is null or card.legacy_province_code = legacy_province)
       and (commune is null or card.commune_code = commune)
       and (sets is null or card.set_no = any (sets))
       and (group_of_sets is null or card."group" = group_of_sets)
       and (stars_exactly is null or card.stars = any (stars_exactly))
       and (shelf_matches.stars_min is null or card.stars >= shelf_matches.stars_min)
       and (shelf_matches.seller is null or card.seller_slug = shelf_matches.seller)
       and (shelf_matches.price_min is null or card.price_vnd >= shelf_matches.price_min)
       and (shelf_matches.price_max is null or card.price_vnd <= shelf_matches.price_max)
       and (only_in_stock is null or card.in_stock = only_in_stock)
       -- Alcohol is not even found until an age is stated (44/2019/QH14).
       and (card.minimum_age is null or card.minimum_age <= shelf_matches.age)
       and (shelf_matches.slug is null or card.slug = shelf_matches.slug)
       and (words is null or not exists (
            select 1
              from unnest(words) as word
             where position(' ' || word in ' ' || card.search_text) = 0));
end;

-- Where a card stands in an order, best highest. `phrase` is folded, `typed` is as typed, in lower case.
create function shelf_key(card shelf_card, sort text, phrase text, typed text) returns bigint
language sql stable parallel safe
return case sort
    when 'newest' then (extract(epoch from card.published_at) * 1000000)::bigint
    when 'price' then -coalesce(card.price_vnd, 1000000000000)
    when 'price_desc' then coalesce(card.price_vnd, -1)
    when 'rating' then coalesce(card.rating_sum * 1000 / nullif(card.rating_count, 0), 0)
    else case
         when phrase is null then 0
         when position(' ' || phrase in ' ' || card.search_text) = 1 then 300
         when position(' ' || phrase in ' ' || card.search_text) > 0 then 200
         else 100
         end
         + case when position(typed in lower(card.title_vi)) > 0 then 150 else 0 end
         + coalesce(card.stars, 0) * 10
         + case when card.in_stock then 5 else 0 end
         + coalesce(card.rating_sum / nullif(card.rating_count, 0), 0)
    end;
