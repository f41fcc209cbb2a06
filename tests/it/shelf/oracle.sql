-- The plainest reading of every filter and order of the catalogue, over the one definition of "on the shelf": what the
-- model in memory is held against.

-- The cards that fit; a null filter fits all.
create function oracle_matches(
    today date,
    region text,
    province text,
    commune text,
    sets smallint[],
    stars_min smallint,
    seller text,
    price_min bigint,
    price_max bigint,
    only_in_stock boolean,
    age smallint)
returns setof shelf_card
language sql stable
begin atomic
    select card.*
      from shelf_cards(today) as card
     where (oracle_matches.region is null or card.region = oracle_matches.region)
       and (province is null or card.province_code = province)
       and (commune is null or card.commune_code = commune)
       and (sets is null or card.set_no = any (sets))
       and (oracle_matches.stars_min is null or card.stars >= oracle_matches.stars_min)
       and (seller is null or card.seller_slug = seller)
       and (oracle_matches.price_min is null or card.price_vnd >= oracle_matches.price_min)
       and (oracle_matches.price_max is null or card.price_vnd <= oracle_matches.price_max)
       and (only_in_stock is null or card.in_stock = only_in_stock)
       and (card.minimum_age is null or card.minimum_age <= age);
end;

-- Where a card stands in an order, best highest.
create function oracle_key(card shelf_card, sort text) returns bigint
language sql stable
return case sort
    when 'newest' then (extract(epoch from card.published_at) * 1000000)::bigint
    when 'price' then -coalesce(card.price_vnd, 1000000000000)
    when 'price_desc' then coalesce(card.price_vnd, -1)
    when 'rating' then coalesce(card.rating_sum * 1000 / nullif(card.rating_count, 0), 0)
    else coalesce(card.stars, 0) * 10
         + case when card.in_stock then 5 else 0 end
         + coalesce(card.rating_sum / nullif(card.rating_count, 0), 0)
    end;
