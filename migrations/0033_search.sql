-- Words of the search (slice shelf): what typed words mean, how the ranking weighs, what nobody found.

-- Who types `typed` is also answered by `means`: words in their order, a product set (#9), a word with all
-- that it means (@hải sản), or nothing, for words by which goods do not differ.
create table search_words (
    id integer generated always as identity constraint search_words_pk primary key,
    typed text not null constraint search_words_typed_length check (char_length(typed) between 1 and 60),
    means text not null constraint search_words_means_length check (char_length(means) <= 60),
    -- Whether it holds the other way round, too.
    mutual boolean not null,
    note text constraint search_words_note_length check (char_length(note) between 1 and 300),
    constraint search_words_key unique (typed, means),
    constraint search_words_mutual check (not (mutual and (means = '' or means like '#%' or means like '@%')))
);

-- One line for each word: `=` both ways, `>` one way; words that mean the same stand together, with `/` between. Classes
-- of goods come last, each with the words that names of such goods begin with; one that means nothing, too (cho bé), only
-- moves goods up beside other words. Also read by the program that measures relevance.
insert into search_words (typed, means, mutual)
select trim(typed), trim(means), part[2] = '='
  from regexp_split_to_table($words$
chè = trà
heo = lợn
bắp = ngô
đậu phộng = lạc
phụng > đậu phộng, lạc, phộng
dầu lạc = dầu phụng
dầu đậu phộng = dầu phụng
dầu lạc = dầu đậu phộng
khoai mì = sắn
bột sắn dây = bột khoai mì dây
dứa = thơm
khóm = dứa
khóm = thơm
mãng cầu = na
mãng cầu dai = na dai
mãng cầu ta = na
mãng cầu xiêm = mãng cầu
mè = vừng
chén = bát
muỗng = thìa
khổ qua = mướp đắng
trái = quả
bông = hoa
hột = hạt
lạp xưởng = lạp sườn
lạp xường = lạp sườn
lạp xường = lạp xưởng
chả lụa = giò lụa
giò > chả
chả = giò
chả bò = giò bê
chả bò = giò bò
yaourt = sữa chua
da ua = sữa chua
yogurt > sữa chua, yaourt
atisô = actiso
atiso = actiso
a ti sô = actiso
ác ti sô = actiso
mắc ca = macca
mắc ca = maca
mắc ca = mác ca
cà phê = coffee
ca cao = cacao
sô cô la = socola
socola = chocolate
sô cô la = chocolate
si rô = siro
xi rô = siro
siro > nước cốt
hồi = đại hồi
hoa hồi = đại hồi
bánh đa = bánh tráng
bánh đa nem = bánh tráng
miến đao = miến dong
miến giềng = miến dong
miến dong giềng = miến dong
dong riềng = dong
khẩu nhục = khau nhục
khâu nhục = khau nhục
gác bếp = sấy
gác bếp = khô
gác bếp = treo gác bếp
hun khói = gác bếp
thịt xông khói > thịt gác bếp, thịt ba chỉ sấy
thịt trâu sấy = thịt trâu gác bếp
thịt trâu sấy = thịt trâu khô
thịt trâu gác bếp = thịt trâu khô
trâu gác bếp = trâu khô
trâu gác bếp = trâu sấy
thịt lợn gác bếp = thịt lợn sấy
thịt lợn gác bếp = thịt treo gác bếp
sấy khô = khô
sấy > khô
phơi khô = khô
sấy lạnh = sấy thăng hoa
sấy đông khô = sấy thăng hoa
nghệ = curcumin
bột nghệ = tinh bột nghệ
tinh nghệ = tinh bột nghệ
nấm đông cô = nấm hương
nấm sò = nấm bào ngư
nấm trường thọ > nấm linh chi
nấm lim = nấm lim xanh
trùng thảo = đông trùng hạ thảo
đông trùng = đông trùng hạ thảo
cordyceps = đông trùng hạ thảo
tổ yến = yến sào
nước yến = yến chưng
tổ chim yến > yến sào, yến
đẳng sâm = đảng sâm
phòng đảng sâm = đảng sâm
sâm dây = đảng sâm
hồng đẳng sâm = đảng sâm
nhang = hương trầm
nhang > hương
dầu tràm = tinh dầu tràm
dầu hồi = tinh dầu hồi
dầu quế = tinh dầu quế
trái bơ = bơ
cam sành > cam
mực một nắng > mực khô
khô mực = mực khô
khô cá = cá khô
cá khô > khô cá, cá sấy
tôm khô = khô tôm
cá sấy = cá khô
mắm ruốc = mắm tôm
hành tăm = hành nén
ớt = tương ớt
giấm = dấm
dấm chuối = giấm chuối
ngò = rau mùi
xà bông = xà phòng
nước rửa tay > dung dịch rửa tay
nón = mũ
gỏi = nộm
bánh ít = bánh gai
nem = chả giò
nem chua = nem
dưa lê > dưa lưới
quýt = quít
cơm cháy = cháy cơm
dầu mè = dầu vừng
mè đen = vừng đen
đỗ = đậu
đỗ xanh = đậu xanh
đỗ đen = đậu đen
đậu tương = đậu nành
tàu xì = đậu xị
đậu xì = đậu xị
tào phớ = tàu hũ
củ > cà rốt, khoai, củ cải, nghệ, gừng, hành tím
đồ khô gác bếp > gác bếp
ruốc = chà bông
ruốc lợn = chà bông
gà > gà thả vườn
bún > bún khô
phở = phở khô
mì > mì gạo
mỳ = mì
miến > miến dong
gạo ngon > gạo
gạo tẻ > gạo
gia vị tây bắc > chẩm chéo, mắc khén, hạt dổi
rượu > #14, #15
rượu nếp > rượu
thảo mộc > thảo dược
trà thảo mộc = trà thảo dược
trà túi lọc = chè túi lọc
trà túi > túi lọc
đèn lồng > đèn
tượng gỗ > tượng
ấm trà > ấm chén
chổi = chổi chít
thảm = tấm thảm
đường thốt nốt > đường
đường hoa dừa = mật hoa dừa
mật ong rừng > mật ong
mật ong nguyên chất > mật ong
mật ong hoa > mật ong
chè xanh = trà xanh
chè khô > chè
chè móc câu = trà móc câu
chè đinh = trà đinh
chè nõn = nõn chè
chè tuyết > chè shan tuyết
san tuyết = shan tuyết
trà sen > trà hoa sen, trà tâm sen, trà lá sen
hồng trà = trà đen
bạch trà = trà trắng
trà ô long = trà oolong
ô long = oolong
lài = nhài
cà phê bột > cà phê
cà phê rang xay > cà phê
cà phê hạt > cà phê
cà phê sạch > cà phê
cà phê nguyên chất > cà phê
cà phê pha phin > cà phê
cafe = cà phê
cà phê chồn = cà phê cầy hương
nước mắm cốt > nước mắm
nước mắm nhĩ > nước mắm
mắm cốt > nước mắm
muối ăn > muối
muối biển > muối hạt
muối chấm > chẩm chéo
hạt tiêu > tiêu
tiêu đen > tiêu
hồ tiêu > tiêu
cải xoăn = cải kale
bún gạo > bún
sương sáo = thạch đen
thịt heo > thịt lợn
heo đen = lợn đen
heo bản = lợn bản
heo mán > lợn bản, lợn đen
lợn mán > lợn bản, lợn đen
lợn cắp nách > lợn bản, lợn đen
gà đen = gà xương đen
gà ác > gà xương đen
cá lòng tong > cá
dầu sở = dầu trà
bột ngũ cốc = ngũ cốc
bột rau câu > thạch
bột sắn > bột sắn dây
nhung nai = nhung hươu
lộc nhung > nhung hươu
kem > kem đậu xanh, kem dừa
ngọt > bánh, kẹo
ba kích tím = ba kích
táo mèo = sơn tra
chanh leo = chanh dây
mít thái > mít
bòn bon = lòn bon
củ sen > sen
măng le > măng
măng rừng > măng
sầu = sầu riêng
bưởi năm roi > bưởi
xoài cát > xoài
dừa sáp = dừa đặc ruột
hữu cơ > organic, sạch
organic > hữu cơ, sạch
sạch > an toàn, hữu cơ
an toàn > sạch
đà lạt > lâm đồng
sa pa > lào cai
sapa > lào cai
mộc châu > sơn la
mèo vạc > hà giang
đồng văn > hà giang
phú quốc > kiên giang
hội an > quảng nam
nha trang > khánh hòa
phan thiết > bình thuận
buôn ma thuột > đắk lắk
ban mê thuột > đắk lắk
pleiku > gia lai
vũng tàu > bà rịa - vũng tàu
sài gòn > hồ chí minh
saigon > hồ chí minh
tp hcm > hồ chí minh
tphcm > hồ chí minh
hạ long > quảng ninh
huế > thừa thiên huế
mỹ tho > tiền giang
đắc lắc > đắk lắk
daklak > đắk lắk
đăk lăk > đắk lắk
đắc nông > đắk nông
đăk nông > đắk nông
daknong > đắk nông
tây bắc > trung du và miền núi phía bắc
vùng cao > trung du và miền núi phía bắc
đông bắc > trung du và miền núi phía bắc
miền tây > đồng bằng sông cửu long
mekong delta > đồng bằng sông cửu long
mekong > đồng bằng sông cửu long
tây nguyên > lâm đồng, đắk lắk, gia lai, đắk nông, kon tum
central highlands > lâm đồng, đắk lắk, gia lai, đắk nông, kon tum
đặc sản >
sản phẩm >
ocop >
sàn ocop >
hàng >
đồ >
mua >
bán >
giá rẻ >
giá >
ngon >
loại ngon >
các loại >
loại >
của >
và >
cho >
với >
từ >
ở >
tại >
thơm ngon >
chính gốc >
chính hiệu >
chất lượng >
cao cấp >
việt nam >
các >
những >
vùng >
xã >
tỉnh >
from >
of >
the >
and >
with >
in >
for >
vietnam >
vietnamese >
viet nam >
product >
products >
specialty >
specialties >
local >
best >
good >
buy >
natural >
pure >
premium >
honey > mật ong, mật
wild honey > mật ong rừng, mật ong
royal jelly > sữa ong chúa
green tea > trà xanh, chè xanh, chè, trà
black tea > hồng trà, trà đen
white tea > bạch trà
lotus tea > trà hoa sen, trà tâm sen, trà sen, oolong sen
artichoke tea > trà actiso
jasmine tea > trà hoa nhài
ginseng tea > trà sâm, trà đảng sâm
tea bag > túi lọc
tea bags > túi lọc
snow tea > shan tuyết
shan snow tea > shan tuyết
shan tea > shan tuyết, chè shan, trà shan
oolong > ô long
artichoke > actiso
instant coffee > cà phê hòa tan
ground coffee > cà phê bột
roasted coffee > cà phê
coffee beans > cà phê
weasel coffee > cà phê chồn
weasel > chồn
civet coffee > cà phê chồn
cocoa > ca cao
cacao > ca cao
chocolate > socola
brown rice > gạo lứt
rice wine > rượu gạo, rượu nếp, rượu
rice paper > bánh tráng
rice cracker > bánh đa, cơm cháy, bánh tráng
rice crackers > bánh đa, cơm cháy, bánh tráng
rice cake > bánh chưng, bánh tét
rice vermicelli > bún
vermicelli > bún, miến
glass noodle > miến
glass noodles > miến
cellophane noodles > miến
canna > dong
pho > phở
corn > ngô, bắp
maize > ngô
corn wine > rượu ngô
corn liquor > rượu ngô
wine > rượu
liqueur > rượu
vodka > rượu
plum wine > rượu mơ
apricot wine > rượu mơ
myrtle wine > rượu sim
beer > bia
vinegar > giấm
fish sauce > nước mắm
anchovy > cá cơm
anchovies > cá cơm
anchovy sauce > mắm nêm
fermented fish > mắm
shrimp paste > mắm ruốc, mắm tôm, nước mắm ruốc
fish > cá
carp > cá chép
squid > mực
dried squid > mực khô, mực
shrimp > tôm
prawn > tôm
crab > cua
frog > ếch
seaweed > rong nho, rong biển
sea grapes > rong nho
oyster > hàu
pearl > ngọc trai
pearls > ngọc trai
beef > bò
veal > bê
buffalo > trâu
buffalo meat > thịt trâu
buffalo jerky > thịt trâu gác bếp, thịt trâu khô
smoked > gác bếp, hun khói, sấy
pork > lợn, heo
pork floss > ruốc lợn, ruốc, chà bông
pig > lợn
bacon > ba chỉ
pork belly > ba chỉ
ham > giò, chả
pork roll > giò, chả lụa
black chicken > gà xương đen
duck > vịt
roast duck > vịt quay
duck eggs > trứng vịt
chicken eggs > trứng gà
goat > dê
goat milk > sữa dê
yoghurt > sữa chua, yaourt
cheese > phô mai
butter > bơ
coconut candy > kẹo dừa
grass jelly > thạch đen
salt > muối
sea salt > muối
pepper > tiêu
black pepper > tiêu
green pepper > tiêu xanh
chili > ớt
chilli > ớt
chili sauce > tương ớt
chili powder > ớt bột
garlic > tỏi
black garlic > tỏi đen
onion > hành
shallot > hành tím
shallots > hành tím
ginger > gừng
turmeric > nghệ
turmeric starch > tinh bột nghệ, bột nghệ
turmeric powder > tinh bột nghệ, bột nghệ, tinh nghệ
turmeric honey > nghệ mật ong
curcumin > nghệ
galangal > riềng
lemongrass > sả
cinnamon > quế
cinnamon oil > tinh dầu quế
star anise > hồi, hoa hồi, đại hồi
anise > hồi
anise oil > tinh dầu hồi
cardamom > thảo quả
soy sauce > xì dầu, nước tương
kimchi > kim chi
pickled > muối, chua
sour > chua
spicy > cay
essential oil > tinh dầu
essential oils > tinh dầu
cajuput oil > tinh dầu tràm
melaleuca oil > tinh dầu tràm
oil > dầu
peanut oil > dầu lạc, dầu phụng, dầu đậu phộng
sesame oil > dầu mè, dầu vừng
coconut oil > dầu dừa
camellia oil > dầu sở
sesame > mè, vừng
black sesame > mè đen
peanut > lạc, đậu phộng, phụng
peanuts > lạc, đậu phộng, phụng
bean > đậu, đỗ
mung bean > đậu xanh
green bean > đậu xanh
mung bean cake > bánh đậu xanh
black bean > đậu đen
soybean > đậu nành
macadamia > mắc ca, macca
macadamia nut > mắc ca, macca
macadamia nuts > mắc ca, macca
cashew > hạt điều, điều
cashews > hạt điều, điều
cashew nut > hạt điều
cashew nuts > hạt điều
chestnut > hạt dẻ
chestnuts > hạt dẻ
lotus > sen
lotus seed > hạt sen
lotus seeds > hạt sen
granola > ngũ cốc
oat > yến mạch
orange > cam
oranges > cam
mandarin > quýt
tangerine > quýt
pomelo > bưởi
grapefruit > bưởi
lemon > chanh
lime > chanh
passion fruit > chanh dây, chanh leo
mango > xoài
dried mango > xoài sấy
banana > chuối
bananas > chuối
pineapple > dứa, thơm
coconut > dừa
macapuno > dừa sáp
wax coconut > dừa sáp
waxy coconut > dừa sáp
coconut nectar > mật hoa dừa
coconut sugar > đường hoa dừa
durian > sầu riêng
dried durian > sầu riêng sấy
jackfruit > mít
longan > nhãn
lychee > vải thiều, vải
litchi > vải thiều
plum > mận
plums > mận
dried plum > mận sấy
pear > lê
pears > lê
peach > đào
apricot > mơ
apple > táo
persimmon > hồng
persimmons > hồng
custard apple > na, mãng cầu
sugar apple > na, mãng cầu
soursop > mãng cầu
mangosteen > măng cụt
melon > dưa lưới, dưa
cantaloupe > dưa lưới
watermelon > dưa hấu
avocado > bơ
mulberry > dâu tằm
strawberry > dâu tây
dragon fruit > thanh long
grape > nho
papaya > đu đủ
tomato > cà chua
tomatoes > cà chua
potato > khoai tây
potatoes > khoai tây
sweet potato > khoai lang
sweet potatoes > khoai lang
taro > khoai môn
cassava > sắn, khoai mì
carrot > cà rốt
carrots > cà rốt
kale > cải kale
mustard greens > cải
cabbage > cải
radish > củ cải
eggplant > cà
cucumber > dưa chuột
bitter melon > khổ qua, mướp đắng
bitter gourd > khổ qua, mướp đắng
pumpkin > bí đỏ
winter melon > bí đao
gac > gấc
bamboo shoot > măng
bamboo shoots > măng
dried bamboo shoots > măng khô
shiitake > nấm hương
oyster mushroom > nấm bào ngư
enoki > nấm kim châm
king oyster mushroom > nấm đùi gà
reishi > linh chi
lingzhi > linh chi
ganoderma > linh chi
caterpillar fungus > đông trùng hạ thảo
bird nest > yến sào, yến
birds nest > yến sào, yến
bird s nest > yến sào, yến
swallow nest > yến sào, yến
deer antler > nhung hươu
face mask > mặt nạ
mask > mặt nạ
mouthwash > nước súc miệng
agarwood > trầm hương, trầm
teapot > ấm chén
tea set > ấm chén
vase > lọ
silver > bạc
silver necklace > dây chuyền bạc
necklace > dây chuyền
bracelet > vòng đeo tay, vòng
silk > tơ tằm, lụa
blanket > chăn
linen > vải lanh, lanh
cloth > vải
broom > chổi
comb > lược
carpet > thảm
rug > thảm
basket > giỏ, mây tre đan
dried > khô, sấy
freeze dried > sấy thăng hoa, sấy đông khô
soft dried > sấy dẻo
crispy > giòn, sấy giòn
roasted > rang, nướng
grilled > nướng
salted > muối, rang muối
fresh > tươi
instant > hòa tan
fermented > lên men, chua
fermented pork > thịt chua, nem chua
sour meat > thịt chua
wild > rừng
forest > rừng
mint honey > mật ong bạc hà
food > thực phẩm
black > đen
red > đỏ
white > trắng
green > xanh
purple > tím
yellow > vàng
golden > vàng
golden tea > trà hoa vàng
golden flower tea > trà hoa vàng
ancient > cổ thụ
ancient tree tea > chè shan tuyết cổ thụ, shan tuyết cổ thụ
tree > cây
seed > hạt
seeds > hạt
leaf > lá
root > củ
island > đảo
mountain > núi
buckwheat > tam giác mạch
perilla > tía tô
gai leo > cà gai leo
gynostemma > giảo cổ lam
polyscias > đinh lăng
areca > cau
vietnamese coriander > rau răm
quả >
trái >
củ >
con >
bông >
chai >
gói >
hũ >
món >
thực phẩm >
tự nhiên >
truyền thống >
dân tộc >
làng nghề >
nhà làm >
homemade >
traditional >
healthy >
giò me = giò bê
bò tơ > bê
cá sặc = cá bổi
khô cá sặc > cá khô bổi
mít muối > nhút
đào lộn hột = điều
muôi = môi
vá = môi
vòng tay = vòng đeo tay
vòng cổ = dây chuyền
mền = chăn
bộ ấm trà = ấm chén
bộ trà > ấm chén
lược chải đầu > lược
thảm chùi chân > thảm
nước sát khuẩn > xịt khuẩn, dung dịch xịt khuẩn
nước rửa tay khô > xịt khuẩn
sanitizer > xịt khuẩn
disinfectant > xịt khuẩn
spray > xịt
snack khoai > khoai sấy giòn, khoai khoái sấy giòn
củ mì = sắn
bột năng = tinh bột sắn
đậu phụ = tàu hũ
đậu phụ = đậu hũ
nước tương = xì dầu
bắp cải = cải bắp
cá tra > cá basa
ba rọi = ba chỉ
ba rọi sấy > thịt ba chỉ sấy
heo gác bếp = lợn gác bếp
lợn bản > lợn đen
lợn hương > thịt lợn
thịt chua > nem chua
vịt quay > vịt
sen khô > hạt sen, sen sấy
hột sen = hạt sen
hột điều = hạt điều
hột vịt = trứng vịt
hột gà = trứng gà
bánh bông lan = bánh gato
kẹo đậu phộng = kẹo lạc
miền bắc > trung du và miền núi phía bắc, đồng bằng sông hồng
miền nam > đông nam bộ, đồng bằng sông cửu long
miền trung > bắc trung bộ
bát tràng > hà nội
cù lao chàm > quảng nam
bảo lộc > lâm đồng
bắc hà > lào cai
tân cương > thái nguyên
u minh > cà mau
cầu kè > trà vinh
gò công > tiền giang
ba vì > hà nội
mường khương > lào cai
fish skin > da cá
cassia > quế
flax > lanh
floss > ruốc
spring roll > nem, chả giò
spring rolls > nem, chả giò
kudzu > sắn dây
arrowroot > dong, sắn dây
arrowroot noodles > miến dong
gymnema > dây thìa canh
jiaogulan > giảo cổ lam
hawthorn > táo mèo, sơn tra
morinda > ba kích
codonopsis > đảng sâm
velvet antler > nhung hươu
golden camellia > trà hoa vàng
eaglewood > trầm
folding screen > bình phong
screen > bình phong
bee > ong
mint > bạc hà
peppermint > bạc hà
basa > cá basa
tofu > đậu phụ
upland rice > gạo nương, nếp nương
smoked pork > thịt lợn gác bếp, lợn gác bếp
smoked buffalo > trâu gác bếp, trâu khô
smoked buffalo meat > thịt trâu gác bếp, thịt trâu khô
dried buffalo > trâu gác bếp, trâu khô
dried buffalo meat > thịt trâu gác bếp, thịt trâu khô
milk candy > kẹo sữa
roll > giò, chả
cold cut > giò, chả
vietnamese ham > giò, chả
tree ear > mộc nhĩ
black fungus > mộc nhĩ
wood ear > mộc nhĩ
sandalwood > trầm
leaf yeast wine > rượu men lá
yeast > men
highland > vùng cao
passionfruit > chanh dây, chanh leo
dried sweet potato > khoai lang sấy
sweet potato chips > khoai lang sấy, khoai sấy giòn
potato chips > khoai sấy giòn
dried tomato > cà chua sấy
cotton > bông
cotton candy > kẹo bông
mat > thảm, chiếu
table mat > bàn ăn
tray > khay
spoon > muỗng, thìa
spoons > muỗng, thìa
bowl > bát, chén
cup > chén
cups > chén
candle > nến
hải sản > tôm, tôm tươi, cá, cua, ghẹ, mực, mực ống, bạch tuộc, ốc, hàu, sò, ngao, nghêu, sứa, bào ngư, cá chép, cá tép
hải sản > tôm khô, cá khô, cá cơm, mắm cá, mắm tôm, mắm ruốc
thủy hải sản / thủy sản / đồ biển / hàng hải sản / hải sản đông lạnh / hải vị / đặc sản biển / seafood > @hải sản
fish and seafood / marine products > @hải sản
hải sản tươi > tôm tươi, tôm sú, tôm hùm, cua, ghẹ, cá chép, cá tươi, mực tươi, mực trứng, bạch tuộc, ốc, hàu, sò, ngao
hải sản tươi > nghêu, rong nho
hải sản tươi sống / đồ biển tươi / hải sản sống / fresh seafood > @hải sản tươi
cá tôm > cá, cá chép, cá tép, cá khô, da cá, tôm, tôm tươi, tôm khô, cua, mực
tôm cá / tôm cua / tôm cua cá / cá mực tôm / cá các loại / các loại cá > @cá tôm
rong biển > rong nho, rong sụn
rong / tảo / tảo biển / rau biển / rong tảo / seaweeds / sea vegetables > @rong biển
hải sản khô > tôm khô, mực khô, mực ống, cá khô, cá tép, da cá, cá sấy, cá một nắng, khô cá, khô mực, khô tôm
hải sản khô > cá cơm khô, ruốc khô, rong biển
đồ biển khô / hải sản sấy / hải sản một nắng / hải sản khô làm quà / khô cá / khô biển / khô các loại > @hải sản khô
các loại khô / dried seafood / dried fish > @hải sản khô
thủy sản nước ngọt > cá chép, cá tép, cá lóc, cá trắm, cá tra, cá basa, cá khô bổi, cá hồi, cá tầm, tôm tươi, ếch
cá nước ngọt / cá đồng / cá sông > @thủy sản nước ngọt
trái cây > cam, cam sành, quýt, bưởi, quả bưởi, chanh, xoài, xoài cát, na, na dai, mãng cầu, nhãn, quả nhãn, vải thiều
trái cây > quả vải, mận, mận hậu, quả mận, lê, quả lê, quả hồng, hồng không hạt, hồng giòn, hồng treo, măng cụt
trái cây > chôm chôm, dưa lưới, dưa hấu, dưa lê, quả mơ, quả đào, dứa, trái thơm, khóm, ổi, táo, thanh long, sầu riêng
trái cây > dừa, dừa xiêm, dừa sáp, dâu tằm, dâu tây, trái bơ, mít, vú sữa, bòn bon, lòn bon, khế, chuối, đu đủ, quả nho
trái cây > chanh leo, chanh dây
hoa quả / hoa trái / trái cây tươi / hoa quả tươi / quả tươi / trái chín / trái cây nhiệt đới > @trái cây
hoa quả nhiệt đới / trái cây miền tây / trái cây theo mùa / trái cây đặc sản / trái cây sạch / hoa quả sạch > @trái cây
hoa quả đặc sản / quả đặc sản / trái cây các loại / cây ăn trái / fruit / fruits / fresh fruit > @trái cây
fresh fruits / tropical fruit / tropical fruits > @trái cây
trái cây có múi > cam, cam sành, quýt, bưởi, quả bưởi, chanh, quất, tắc
quả có múi / cây có múi / họ cam quýt / cam quýt / cam bưởi / citrus / citrus fruit > @trái cây có múi
trái cây sấy > mận sấy, mận tam hoa sấy, xoài sấy, chuối sấy, mít sấy, thơm sấy, dứa sấy, chanh dây sấy, cà chua sấy
trái cây sấy > khoai lang sấy, khoai lang tím sấy, sầu riêng sấy, nhãn sấy, vải sấy, dừa sáp sấy, dừa sấy, long nhãn
trái cây sấy > táo sấy, đào sấy, hồng sấy, hồng treo gió, mứt, ô mai, sấy dẻo, khoai khoái sấy
hoa quả sấy / trái cây khô / hoa quả khô / trái cây sấy khô / hoa quả sấy khô / trái cây sấy dẻo > @trái cây sấy
hoa quả sấy dẻo / trái cây sấy giòn / hoa quả sấy giòn / rau củ quả sấy / rau củ sấy / nông sản sấy > @trái cây sấy
quả sấy / quả khô / mứt trái cây / mứt hoa quả / đồ sấy / đồ sấy dẻo / dried fruit / dried fruits > @trái cây sấy
mứt > mứt chuối, mứt dừa, mứt gừng, mứt bí, mứt sen, ô mai, mận sấy dẻo, mận tam hoa sấy dẻo, xoài sấy dẻo
mứt > chanh dây sấy dẻo, thơm sấy dẻo, sấy dẻo
mứt tết / ô mai / jam / jams / candied fruit > @mứt
rau củ > rau, rau bò khai, cải, cải kale, cải ngọt, cải bắp, ngồng hoa cải, ngồng cải, xà lách, súp lơ, cà rốt, cà chua
rau củ > cà chua và khoai tây, cà pháo, khoai tây, khổ qua, mướp đắng, bí đỏ, bí xanh, quả đỗ, đỗ leo, đậu bắp
rau củ > đậu cô ve, dưa mèo, dưa chuột, su su, măng tươi, nấm hương, nấm kim châm, nấm bào ngư, nấm đùi gà, nấm rơm
rau / rau tươi / rau sạch / rau xanh / rau củ tươi / rau củ sạch / rau củ quả / rau củ quả tươi / rau an toàn > @rau củ
rau hữu cơ / rau quả / rau quả tươi / rau cải / các loại rau / nông sản rau củ / vegetable / vegetables > @rau củ
greens / fresh vegetables / organic vegetables > @rau củ
rau ăn lá > rau, rau bò khai, cải, cải kale, cải ngọt, ngồng hoa cải, ngồng cải, xà lách, rau muống, rau ngót, rau dớn
rau lá / rau rừng / đọt rau / leafy greens / leafy vegetables > @rau ăn lá
củ quả > cà rốt, cà chua và khoai tây, khoai tây, khoai lang, khoai môn, khoai sọ, củ cải, củ từ, sắn, khổ qua, cà pháo
củ quả > dưa mèo, bí đỏ, hành tím
các loại củ / củ tươi / củ quả tươi / root vegetables / tubers > @củ quả
thực phẩm tươi sống > #1, #2, rau, cải, cam, bưởi, na, xoài, thịt, trứng, gà, tôm tươi, nấm
nông sản tươi / thực phẩm tươi / đồ tươi sống / đồ tươi / fresh produce / fresh food > @thực phẩm tươi sống
nông sản > #1, #2, #3, rau, cải, cam, bưởi, na, gạo, thịt, trứng
nông sản sạch / hàng nông sản / nông sản địa phương / agricultural products / farm produce > @nông sản
nấm các loại > nấm, nấm hương, nấm kim châm, nấm đùi gà, nấm bào ngư, nấm rơm, nấm mỡ, mộc nhĩ, nấm linh chi
các loại nấm / nấm ăn / nấm tươi / mushroom / mushrooms > @nấm các loại
đồ muối chua > kim chi, củ cải muối, dưa mắm, nhút, dưa cải, dưa món, cà pháo, cà muối, hành muối, kiệu, măng chua
đồ muối chua > măng ớt
dưa muối / dưa cà / dưa cà muối / dưa chua / đồ chua / món muối chua / rau củ muối / rau củ muối chua > @đồ muối chua
đồ muối / đồ ngâm chua / cà muối / món ăn kèm / đồ ăn kèm / pickle / pickles / pickled vegetables > @đồ muối chua
fermented vegetables > @đồ muối chua
đồ lên men > kim chi, nhút, sữa chua, mắm, dưa mắm, thịt chua, nem chua, củ cải muối, giấm, đậu xị, lên men
thực phẩm lên men / fermented food / fermented foods > @đồ lên men
gia vị > #10, chẩm chéo, tiêu, tiêu xanh, hạt tiêu, ớt, ớt bột, ớt gió, muối, muối hạt, muối tinh, muối tôm, tỏi
gia vị > tỏi đen, hành tím, gừng, nghệ, riềng, sả, quế, quế điếu, hoa hồi, bột thảo quả, thảo quả, mắc khén, hạt dổi
gia vị > đậu xị, tương ớt, nước mắm
gia vị khô / gia vị nấu ăn / nguyên liệu nấu ăn / nguyên liệu / rau gia vị / gia vị nấu nướng / gia vị nhà bếp > @gia vị
gia vị tẩm ướp / gia vị đặc sản / đồ gia vị / hương liệu / gia vị rừng / bột gia vị / gia vị các loại / spice > @gia vị
spices / seasoning / seasonings > @gia vị
nước chấm > nước mắm, mắm nêm, mắm ruốc, mắm tôm, mắm, mắm xay, mắm chay, tương, tương ớt, nước ớt, nước tương, xì dầu
nước chấm > chẩm chéo, chao, đậu xị
nước chấm các loại / đồ chấm / nước chấm gia vị / gia vị lỏng / nước xốt / nước sốt / sốt / xốt / sốt chấm > @nước chấm
sauce / sauces / dipping sauce / dips > @nước chấm
condiment > nước mắm, mắm nêm, mắm, tương ớt, nước ớt, giấm, chẩm chéo, muối, tiêu, ớt, tỏi, dầu mè, dầu phụng, #9, #10
condiments / nước chấm và gia vị / gia vị nước chấm / gia vị và nước chấm / mắm muối / mắm muối gia vị > @condiment
các loại mắm > nước mắm, mắm nêm, mắm ruốc, mắm tôm, mắm tép, mắm xay, mắm chay, mắm
mắm các loại / đồ mắm / mắm đặc sản / mắm truyền thống / mắm ngon / fish sauces > @các loại mắm
muối các loại > muối hạt, muối tinh, muối
các loại muối > @muối các loại
dầu ăn > dầu phụng, dầu đậu phụng, dầu đậu phộng, dầu lạc, dầu mè, dầu vừng, dầu sở, dầu dừa, dầu đậu nành, dầu gấc
dầu ăn > dầu mắc ca
dầu thực vật / dầu nấu ăn / dầu thực vật nấu ăn / dầu ép / dầu ép lạnh / dầu nguyên chất / cooking oil > @dầu ăn
cooking oils / vegetable oil / edible oil > @dầu ăn
dầu > dầu phụng, dầu mè
tinh dầu các loại > tinh dầu, dầu tràm, tinh dầu quế, tinh dầu hồi, tinh dầu tràm, tinh dầu sả, tinh dầu bưởi, nhang
dầu thơm / dầu xông / dầu gió / tinh dầu xông phòng / tinh dầu thiên nhiên / hương liệu thơm > @tinh dầu các loại
aromatherapy > @tinh dầu các loại
hạt dinh dưỡng > hạt mắc ca, mắc ca, macca, hạt điều, hạt sen, sen sấy, hạt dẻ, lạc, lạc sen, đậu phộng rang, hạnh nhân
hạt dinh dưỡng > óc chó, hạt bí, hạt dưa, hạt hướng dương
các loại hạt / hạt các loại / hạt khô / hạt sấy / hạt rang / hạt ăn / hạt ăn vặt / hạt ăn liền > @hạt dinh dưỡng
quả hạch / hạt cao cấp / hạt tốt cho tim mạch / nut / nuts / mixed nuts / roasted nuts / dried nuts > @hạt dinh dưỡng
các loại đậu > đậu, đỗ, đậu xanh, đậu đen, đậu đỏ, đậu nành, lạc, quả đỗ
đậu các loại / đỗ các loại / đậu hạt / beans / legumes / pulses > @các loại đậu
bánh kẹo > kẹo, kẹo dừa, kẹo lạc, kẹo sữa, bánh đậu, bánh đậu xanh, bánh dừa, bánh ống, bánh hoa dừa, bánh xoài
bánh kẹo > bánh gai, bánh cốm, bánh pía, bánh khảo, bánh in, bánh cáy, bánh phu thê, chè lam, socola, mứt, mứt chuối
bánh kẹo > sấy dẻo, kem
kẹo bánh / bánh mứt kẹo / bánh kẹo mứt / bánh mứt / kẹo mứt / đồ ngọt / bánh ngọt / bánh kẹo đặc sản > @bánh kẹo
bánh kẹo tết / bánh kẹo làm quà / kẹo bánh làm quà / quà ngọt / món ngọt / sweets / sweet / confectionery > @bánh kẹo
confections > @bánh kẹo
kẹo > kẹo dừa, kẹo lạc, kẹo sữa, kẹo mè xửng, kẹo gừng, socola
các loại kẹo / kẹo đặc sản / kẹo truyền thống / kẹo ngọt / candy / candies > @kẹo
bánh truyền thống > bánh, bánh đậu xanh, bánh chưng, bánh tét, bánh gai, bánh dừa, bánh ống, bánh tráng
bánh đặc sản / các loại bánh / bánh các loại / bánh dân gian / bánh quê / bánh làm quà / cake > @bánh truyền thống
cakes / cookie / cookies / biscuit / biscuits / pastry / pastries > @bánh truyền thống
đồ ăn vặt > kẹo, khoai khoái, khoai lang sấy, khoai sấy, hạt điều, hạt mắc ca, macca, mắc ca, sen sấy, hạt dẻ, cơm cháy
đồ ăn vặt > bánh tráng, bánh dừa, bánh đậu, bánh ống, bánh xoài, trái cây sấy, xoài sấy, mận sấy, chuối sấy, mít sấy
đồ ăn vặt > thơm sấy, dừa sáp sấy, da cá, cá tép, khô, ô mai, sấy dẻo, sấy giòn, rong biển, #5
ăn vặt / quà vặt / món ăn vặt / thức ăn vặt / đồ ăn chơi / món ăn chơi / đồ nhâm nhi / đồ nhấm nháp > @đồ ăn vặt
bim bim / snack / snacks / snack foods / healthy snack > @đồ ăn vặt
chips > khoai khoái, khoai khoái sấy giòn, khoai lang sấy, cơm cháy, chuối sấy, mít sấy, dừa sáp sấy, da cá, sấy giòn
crisps / khoai tây chiên / đồ chiên giòn / đồ sấy giòn / snack giòn > @chips
đồ ăn liền > ăn liền, cơm cháy, khoai khoái, xúc xích, trứng gà nướng, da cá, cá tép, ruốc, bánh tráng, phở khô
đồ ăn liền > yến chưng, khau nhục, khẩu nhục, vịt quay, #5
thực phẩm ăn liền / đồ ăn nhanh / thực phẩm tiện lợi / đồ ăn sẵn / món ăn liền / thức ăn nhanh / đồ hộp > @đồ ăn liền
thực phẩm đóng hộp / instant food / ready to eat / fast food / convenience food > @đồ ăn liền
đồ tráng miệng > kem, sữa chua, thạch, thạch đen, chè đậu, yaourt, quy linh cao, cao khô, kẹo, mứt, bánh đậu, bánh dừa
đồ tráng miệng > sương sáo
món tráng miệng / tráng miệng / dessert / desserts > @đồ tráng miệng
thạch > thạch đen, quy linh cao, cao khô, chè đậu đen
thạch rau câu / rau câu / sương sa / sương sáo / đồ giải nhiệt / đồ mát / món mát / jelly > @thạch
kem các loại > kem đậu xanh, kem dừa, kem
kem lạnh / kem que / ice cream > @kem các loại
thịt > thịt lợn, thịt lợn bản, thịt lợn đen, thịt trâu, thịt bò, thịt gà, thịt vịt, thịt dê, lợn đen, gà thả vườn
thịt > gà xương đen, gà đồi
thịt tươi / thịt sạch / thịt tươi sống / thịt các loại / các loại thịt / thịt rừng / thịt gia súc > @thịt
thịt thả vườn / thịt đặc sản / meat / meats / fresh meat > @thịt
thịt chế biến > giò, giò lụa, giò bê, giò gà, chả, chả lụa, chả bò, chả hoa, nem, nem chua, nem nướng, xúc xích
thịt chế biến > lạp sườn, lạp xưởng, thịt gác bếp, thịt trâu gác bếp, thịt lợn gác bếp, thịt trâu khô, thịt treo
thịt chế biến > thịt ba chỉ sấy, thịt chua, ruốc, khau nhục, khẩu nhục, vịt quay, vịt bầu, pa tê
thịt chế biến sẵn / thực phẩm từ thịt / chế phẩm thịt / sản phẩm từ thịt / đồ nguội / thịt nguội > @thịt chế biến
đồ nguội chế biến / món mặn / món ăn mặn / đồ ăn mặn / đồ đông lạnh / thực phẩm đông lạnh > @thịt chế biến
thực phẩm chế biến sẵn / món chế biến sẵn / đồ chế biến sẵn / processed meat / processed meats > @thịt chế biến
cold cuts / deli meat / frozen food / frozen foods / cured meat / cured meats > @thịt chế biến
giò chả > giò, giò lụa, giò bê, giò gà, chả, chả lụa, chả bò, chả hoa, nem, nem chua
chả giò lụa / giò chả các loại / giò chả tết / nem chả / nem giò chả / nem giò / giò nem / chả nem > @giò chả
xúc xích lạp xưởng > xúc xích, lạp sườn, lạp xưởng, giò
lạp xưởng xúc xích / sausage / sausages > @xúc xích lạp xưởng
thịt khô > thịt gác bếp, thịt trâu gác bếp, thịt lợn gác bếp, thịt treo gác bếp, thịt trâu khô, thịt bò khô
thịt khô > thịt ba chỉ sấy, trâu gác bếp, lạp sườn, lạp xưởng, khô ếch, gác bếp
thịt sấy / thịt sấy khô / thịt gác bếp / thịt hun khói / đồ gác bếp / đồ hun khói / thịt treo / khô bò > @thịt khô
khô trâu / jerky / smoked meat / dried meat > @thịt khô
gia cầm > gà, gà xương đen, gà thả vườn, gà đồi, giò gà, vịt, vịt quay, vịt bầu, xúc xích gà, ngan, chim bồ câu
thịt gia cầm / gà vịt / thịt gà vịt / thịt gà / poultry / chicken / chicken meat > @gia cầm
gia súc > thịt lợn, thịt lợn đen, thịt trâu, thịt bò, bê, giò bê, chả bò, trâu, dê
thịt lợn bò / thịt đỏ / livestock / red meat > @gia súc
trứng > trứng gà, trứng vịt, trứng vịt biển, trứng cút
trứng các loại / các loại trứng / trứng gia cầm / trứng gà vịt / egg / eggs > @trứng
trứng sữa > trứng gà, trứng vịt, sữa chua, yaourt, sữa dê, sữa bò
sữa trứng / trứng và sữa / eggs and dairy > @trứng sữa
sữa > sữa chua, yaourt, yaourt sữa dê, sữa dê, sữa bò, sữa tươi, phô mai, bánh sữa, bộ sản phẩm sữa chua
sữa và chế phẩm từ sữa / chế phẩm từ sữa / sản phẩm từ sữa / chế phẩm sữa / bơ sữa / đồ sữa / sữa tươi > @sữa
sữa các loại / dairy / milk / dairy products / milk products > @sữa
đồ khô > miến, miến dong, bún khô, phở khô, bánh đa, măng khô, nấm hương khô, tôm khô, mực khô, mực ống, cá khô, cá tép
đồ khô > khô ếch, thịt trâu khô, thịt trâu gác bếp, thịt treo gác bếp, thịt ba chỉ sấy, lạp sườn, lạp xưởng, mộc nhĩ
đồ khô > bánh tráng, khô, gác bếp
hàng khô / thực phẩm khô / đặc sản khô / đồ khô các loại / thực phẩm sấy khô / nông sản khô / nông sản sấy khô > @đồ khô
dried food / dried foods / dry food / dried goods > @đồ khô
bún phở > bún, bún khô, bún ngô, bún gấc, phở, phở khô, phở tươi, miến, miến dong, miến đao, mì, mì gạo, mì mòi, bánh đa
bún phở > hủ tiếu, bánh canh
bún miến / mì bún / phở bún / bún phở miến / bún phở mì / bún miến phở / mì bún phở miến / bún phở khô > @bún phở
bún phở mì miến / bún miến mì phở / bún mì phở miến / mì miến / mì sợi / các loại bún / các loại mì / sợi khô > @bún phở
đồ sợi / mì gói / miến bún phở / noodle / noodles / rice noodle / rice noodles / dried noodles > @bún phở
đồ ăn sáng > phở, phở khô, bún, bún khô, miến dong, mì gạo, bánh đa, bánh chưng, ngũ cốc, ngũ cốc dinh dưỡng
đồ ăn sáng > bột đậu xanh, giò lụa, xúc xích, cốm
ăn sáng / bữa sáng / món ăn sáng / điểm tâm / đồ điểm tâm / breakfast / breakfast food > @đồ ăn sáng
lương thực > gạo, gạo nếp, gạo séng cù, gạo tẻ, gạo st25, gạo thơm, ngô, ngũ cốc
rice products / lương thực thực phẩm / gạo các loại / các loại gạo / gạo đặc sản / gạo sạch / gạo dẻo thơm > @lương thực
gạo dẻo / gạo thơm ngon / gạo quê / lúa gạo / rice / rices > @lương thực
gạo nếp > gạo nếp nương, gạo nếp tan
nếp / các loại nếp / gạo nấu xôi / gạo làm bánh chưng / gạo nếp đặc sản / sticky rice / glutinous rice > @gạo nếp
ngũ cốc > ngũ cốc dinh dưỡng, bột đậu xanh, bột đậu xanh dinh dưỡng, granola, yến mạch, gạo lứt, ngô
ngũ cốc ăn sáng / ngũ cốc dinh dưỡng / bột ngũ cốc / bột dinh dưỡng / hạt ngũ cốc / cereal / cereals / grains > @ngũ cốc
grain / breakfast cereal > @ngũ cốc
bột > bột nghệ, tinh bột nghệ, bột sắn dây, bột đậu xanh, bột thảo quả, bột ca cao, bột gạo, bột ngô, bột dong
bột > tinh nghệ
các loại bột / bột các loại / tinh bột / bột pha uống / bột uống / bột nguyên chất / bột làm bánh / powder > @bột
powders / flour / flours / starch > @bột
đồ uống > nước khoáng, nước ép, siro, trà, chè, cà phê, cacao, rượu, #16, #17, #14, #15, #11, #12, #13
thức uống / rượu bia nước ngọt / nước uống các loại / đồ uống các loại / đồ uống đặc sản / beverage > @đồ uống
beverages / drink / drinks > @đồ uống
nước giải khát > nước khoáng, nước khoáng thiên nhiên, nước ép, nước dừa, siro, si rô, #16, #17
giải khát / đồ uống giải khát / nước giải khát có ga / nước ngọt / nước có ga / nước uống > @nước giải khát
nước uống đóng chai / nước đóng chai / thức uống đóng chai / đồ uống đóng chai / nước tinh khiết > @nước giải khát
nước suối / soft drink / soft drinks / bottled water / water / mineral water > @nước giải khát
đồ uống không cồn > trà, chè, cà phê, nước khoáng, ca cao, siro, nước ép, #16, #17, #13, #11, #12
thức uống không cồn / đồ uống nóng / non alcoholic drinks / hot drinks > @đồ uống không cồn
nước ép > siro, si rô, siro dứa, nước cốt, nước dừa, mật hoa dừa
nước trái cây / nước hoa quả / nước ép trái cây / nước cốt trái cây / juice / juices / syrup / syrups > @nước ép
đồ uống có cồn > rượu, rượu men lá, rượu nếp, rượu ngô, bia, #14, #15
bia rượu / rượu bia / rượu đặc sản / rượu các loại / các loại rượu / rượu truyền thống / đồ có cồn > @đồ uống có cồn
alcohol / alcoholic drinks / alcoholic beverages / liquor / liquors / spirit / spirits > @đồ uống có cồn
rượu trắng > rượu men lá, rượu nếp, rượu nếp nương, rượu ngô, rượu gạo, rượu, #14
rượu đế / rượu quê / rượu gạo / rượu men lá / rượu nấu / rượu ngon > @rượu trắng
rượu thuốc > rượu ba kích, rượu đông trùng hạ thảo, rượu đảng sâm, rượu nấm, rượu nấm lim xanh, rượu sâm, rượu mật ong
rượu thuốc > rượu nhung hươu, rượu táo mèo, đông trùng hạ thảo
rượu ngâm / rượu bổ / rượu ngâm thuốc / rượu ngâm thảo dược / rượu dược liệu / rượu sâm / rượu bổ thận > @rượu thuốc
rượu ngâm bổ / rượu bồi bổ / rượu thảo dược / herbal wine / medicinal wine > @rượu thuốc
rượu trái cây > rượu mơ, rượu sim, rượu chuối, rượu vang, rượu mận, rượu táo mèo, rượu dâu
rượu hoa quả / rượu vang / vang / rượu nhẹ / rượu quả / rượu ngọt / fruit wine / fruit wines > @rượu trái cây
trà và cà phê > trà, chè, cà phê, coffee, #11, #13
trà cà phê / chè cà phê / cà phê trà / tea and coffee / coffee and tea > @trà và cà phê
trà > trà xanh, hồng trà, bạch trà, chè shan tuyết, #11, #12
chè / các loại trà / các loại chè / trà các loại / trà ngon / trà đặc sản / chè đặc sản / trà cao cấp / chè búp > @trà
trà búp / chè ngon / chè các loại / tea / teas > @trà
trà thảo mộc > trà hoa vàng, trà nụ vối, trà bí đao, trà táo mèo, trà tâm sen, trà dây thìa canh, trà hòa tan cà gai leo
trà thảo mộc > trà hòa tan dây thìa canh, trà đảng sâm, trà sâm, trà rừng, trà mãng cầu, trà hoa đu đủ
trà thảo mộc > trà nén dây thìa canh, trà hoa sen, trà lá sen, trà phun sương, trà đông trùng hạ thảo, trà gừng
trà thảo mộc > trà atiso, trà giảo cổ lam, #12
đồ uống tốt cho sức khỏe / đồ uống thảo mộc / thức uống thảo mộc / herbal drink / herbal drinks > @trà thảo mộc
trà thảo dược / trà dược liệu / trà thanh nhiệt / trà thảo mộc thanh nhiệt / trà giải độc / trà mát gan > @trà thảo mộc
trà thải độc / trà giảm cân / trà an thần / trà ngủ ngon / trà túi lọc thảo mộc / trà hoa thảo mộc > @trà thảo mộc
trà sức khỏe / trà tốt cho sức khỏe / trà lá / trà hạ đường huyết / trà tiểu đường / trà dưỡng sinh > @trà thảo mộc
trà nhuận tràng / chè thuốc / nước mát / herbal tea / herbal teas / detox tea / slimming tea > @trà thảo mộc
trà hoa > trà hoa vàng, trà hoa sen, trà hoa nhài, trà hoa cúc, trà hoa đu đủ, trà ướp hoa
trà ướp hoa / trà hoa khô / flower tea / scented tea > @trà hoa
cà phê > cà phê bột, cà phê chồn, cà phê hòa tan
cà phê các loại / các loại cà phê / cà phê đặc sản / cà phê ngon / coffee / coffees > @cà phê
thực phẩm chức năng > #18, thực phẩm bảo vệ sức khỏe, viên tinh nghệ, cao mềm, cao cà gai leo, cao đảng sâm
thực phẩm chức năng > đông trùng hạ thảo
thực phẩm bổ sung / thực phẩm bảo vệ sức khỏe / viên uống / thuốc uống / bổ sung dinh dưỡng > @thực phẩm chức năng
tpcn / chăm sóc sức khỏe / sản phẩm chăm sóc sức khỏe / sức khỏe / sản phẩm sức khỏe > @thực phẩm chức năng
đồ tốt cho sức khỏe / hỗ trợ sức khỏe / tăng sức đề kháng / tăng đề kháng / health food > @thực phẩm chức năng
functional food / functional foods / supplement / supplements / dietary supplement > @thực phẩm chức năng
dietary supplements / health products / health care > @thực phẩm chức năng
dược liệu > #18, #20, cao, cao cà gai leo, cao dây thìa canh, cao đảng sâm, cao atiso, sâm dây, đông trùng hạ thảo
dược liệu > tinh bột nghệ, tinh nghệ, đảng sâm, nấm linh chi, cà gai leo, trà thảo dược
thảo dược / thuốc nam / thuốc bắc / đông y / thuốc bắc thuốc nam / thuốc dân gian / cây thuốc > @dược liệu
cây thuốc quý / thuốc quý / cây dược liệu / dược liệu quý / dược liệu khô / thảo dược quý / thảo dược khô > @dược liệu
dược phẩm / thuốc / thuốc đông y / thuốc gia truyền / vị thuốc / lá thuốc / sản phẩm dược liệu > @dược liệu
thuốc chữa bệnh / herb / herbs / herbal / herbal medicine / medicinal herbs / medicinal > @dược liệu
traditional medicine / medicine > @dược liệu
cao dược liệu > cao mềm, cao cà gai leo, cao dây thìa canh, cao đảng sâm, cao atiso, cao actiso, cao ngựa, cao xương
cao thuốc / các loại cao / cao thảo dược / cao đông y / cao lá / cao nấu / herbal extract > @cao dược liệu
herbal extracts / extract / extracts > @cao dược liệu
thuốc bổ > yến sào, yến chưng, yến tinh chế, đông trùng hạ thảo, nhung hươu, nhung hươu ngâm mật ong, sâm dây
thuốc bổ > nấm cordyceps, đảng sâm, nhân sâm, cao đảng sâm, tinh bột nghệ, mật ong, thực phẩm bảo vệ sức khỏe, #18
đồ bổ / bồi bổ / bồi bổ sức khỏe / bồi bổ cơ thể / đồ bồi bổ / đồ bồi bổ sức khỏe / món bổ > @thuốc bổ
thực phẩm bổ dưỡng / bổ dưỡng / thực phẩm bồi bổ / thức ăn bổ dưỡng / tẩm bổ / quà biếu sức khỏe > @thuốc bổ
quà sức khỏe / quà biếu người già / quà biếu bố mẹ / quà cho người ốm / quà thăm ốm / quà tặng sức khỏe > @thuốc bổ
sản vật quý / tonic / tonics / health gift > @thuốc bổ
sâm > sâm dây, đảng sâm, cao đảng sâm, sâm ngọc linh, trà sâm, trà đảng sâm, rượu đảng sâm
các loại sâm / nhân sâm / sâm các loại / ginseng > @sâm
thuốc bổ gan > cao cà gai leo, trà hòa tan cà gai leo, cà gai leo, cao atiso, cao actiso, actiso, mộc thanh lọc
mát gan / giải độc gan / bổ gan / hỗ trợ gan / gan > @thuốc bổ gan
tiểu đường > dây thìa canh, cao dây thìa canh, trà dây thìa canh, trà hòa tan dây thìa canh, trà nén dây thìa canh
tiểu đường > giảo cổ lam
cho người tiểu đường / hạ đường huyết / đường huyết > @tiểu đường
thuốc dạ dày > tinh bột nghệ, tinh nghệ, curcumin, bột nghệ, viên tinh nghệ, mật ong, nghệ
đau dạ dày / dạ dày / bao tử > @thuốc dạ dày
mất ngủ > trà tâm sen, tâm sen, hạt sen, trà hoa sen
ngủ ngon / dễ ngủ / an thần > @mất ngủ
thực phẩm giảm cân > ngũ cốc, ngũ cốc dinh dưỡng, gạo lứt, trà hoa vàng, trà giảo cổ lam, trà thảo mộc, trà nụ vối
thực phẩm giảm cân > trà bí đao, dây thìa canh, trà táo mèo, cải kale, hạt điều, mắc ca
giảm béo / eo thon / eat clean / đồ ăn kiêng / ăn kiêng / healthy food / diet food > @thực phẩm giảm cân
giải rượu > trà bí đao, trà thảo mộc, actiso, cao atiso, cà gai leo, thạch đen, bột sắn dây, mộc thanh lọc, trà nụ vối
giải độc / thải độc / thanh nhiệt / giải nhiệt / detox > @giải rượu
mỹ phẩm > mặt nạ, mặt nạ dưỡng da, kem dưỡng, son, serum, xà phòng, dầu gội, sữa tắm, #19
mỹ phẩm thiên nhiên / mỹ phẩm dưỡng da / làm đẹp / sản phẩm làm đẹp / dưỡng da / chăm sóc da > @mỹ phẩm
chăm sóc da mặt / chăm sóc tóc / chăm sóc sắc đẹp / đồ skincare / skincare / skin care / dưỡng ẩm / dưỡng tóc > @mỹ phẩm
dưỡng nhan / son môi / đắp mặt / mỹ phẩm handmade / đẹp da / beauty / beauty products / cosmetic / cosmetics > @mỹ phẩm
natural cosmetics > @mỹ phẩm
chăm sóc cá nhân > nước súc miệng, dung dịch xịt khuẩn, xịt khuẩn, nước rửa tay, xà phòng, dầu gội, sữa tắm
chăm sóc cá nhân > mặt nạ dưỡng da, kem đánh răng, #19
đồ chăm sóc cá nhân / vệ sinh cá nhân / sản phẩm vệ sinh / đồ vệ sinh / đồ dùng cá nhân > @chăm sóc cá nhân
hóa mỹ phẩm / chăm sóc răng miệng / kháng khuẩn / diệt khuẩn / sát khuẩn / vệ sinh / đồ tắm gội > @chăm sóc cá nhân
tắm gội / personal care / hygiene / hygiene products / oral care > @chăm sóc cá nhân
xà phòng > dầu gội, sữa tắm, bồ kết, #19
xà bông / dầu gội / sữa tắm / dầu gội thảo dược / nước gội đầu / soap / soaps / shampoo > @xà phòng
massage > xịt massage, xịt, dầu tràm, tinh dầu tràm, tinh dầu quế
dầu xoa bóp / xoa bóp / đau nhức / đau nhức xương khớp / xương khớp / giảm đau > @massage
thủ công mỹ nghệ > #21, #22, đèn lồng, đèn bàn, bộ đèn, đôi đèn, lọ, tượng, tượng gỗ, bình phong, tấm bình phong, bộ gốm
thủ công mỹ nghệ > bộ ấm chén, vòng đeo tay, ngọc trai, dây chuyền, bộ môi muỗng, thảm, thổ cẩm, tấm trải, mây tre đan
thủ công / mỹ nghệ / hàng thủ công / hàng mỹ nghệ / hàng thủ công mỹ nghệ / đồ thủ công > @thủ công mỹ nghệ
đồ thủ công mỹ nghệ / đồ mỹ nghệ / đồ handmade / hàng handmade / handmade / đồ lưu niệm > @thủ công mỹ nghệ
quà lưu niệm / hàng lưu niệm / vật lưu niệm / quà du lịch / quà kỷ niệm / quà tặng thủ công > @thủ công mỹ nghệ
làng nghề thủ công / sản phẩm làng nghề / hàng làng nghề / craft / crafts / handicraft / handicrafts > @thủ công mỹ nghệ
souvenir / souvenirs / artisan > @thủ công mỹ nghệ
đồ trang trí > đèn, đèn lồng, đèn bàn, bộ đèn, đôi đèn, đèn trang trí, lọ, tượng, tượng gỗ, tượng trầm, bình phong
đồ trang trí > tấm bình phong, bộ gốm, tấm trải trang trí, trang trí, bộ trang trí, tranh, thảm, bình hoa
vật phẩm trang trí / đồ treo tường / đồ trang trí nhà cửa / trang trí / trang trí nhà > @đồ trang trí
trang trí nhà cửa / đồ decor / decor nhà cửa / nội thất / nội thất trang trí / đồ nội thất > @đồ trang trí
vật trang trí / đồ bày tủ / trang trí nội thất / trang trí phòng khách / trang trí quán cà phê / decor > @đồ trang trí
decoration / decorations / home decor / interior / furniture / ornament / ornaments > @đồ trang trí
đồ gia dụng > bộ môi muỗng, môi, muỗng, bộ ấm chén, ấm chén, chén, bát, bộ trang trí bàn ăn, chổi, chổi chít, thảm, lược
đồ gia dụng > rổ, rá, đèn bàn, bộ gốm, thớt, đũa, chiếu, #21
gia dụng / hàng tiêu dùng / dụng cụ gia đình / dụng cụ / vật dụng / đồ dùng gia đình / đồ dùng trong nhà > @đồ gia dụng
đồ dùng / vật dụng gia đình / đồ dùng nhà bếp / đồ nhà bếp / nhà bếp / đồ bếp / dụng cụ nhà bếp > @đồ gia dụng
dụng cụ bếp / đồ dùng bàn ăn / bàn ăn / nhà cửa / nhà cửa đời sống / household / household goods > @đồ gia dụng
kitchenware / tableware / utensils / kitchen utensils > @đồ gia dụng
đồ gỗ > tượng gỗ, bộ môi muỗng gỗ, gỗ, tượng trầm, lược, thớt, bình phong
đồ gỗ mỹ nghệ / gỗ mỹ nghệ / hàng gỗ / sản phẩm gỗ / đồ bằng gỗ / wooden / wood / wooden products / woodwork > @đồ gỗ
woodcraft > @đồ gỗ
gốm sứ > bộ gốm, gốm, bộ ấm chén gốm sứ, bộ ấm chén, lọ, bình gốm, chum
gốm / đồ gốm / đồ gốm sứ / đồ sành sứ / sành sứ / gốm mỹ nghệ / hàng gốm / gốm sứ mỹ nghệ / ceramic / ceramics > @gốm sứ
pottery / porcelain > @gốm sứ
mây tre đan > mây tre, tre, đèn bàn mây tre, đèn lồng treo mây tre đan, hộp quà tặng mây tre đan
mây tre đan > tấm bình phong bằng tre, rổ, giỏ, cói, đèn trang trí
mây tre / đồ mây tre / đồ mây tre đan / hàng mây tre / đan lát / đồ đan lát / hàng đan lát / đồ tre > @mây tre đan
đồ tre nứa / tre nứa / đồ bằng tre / sản phẩm từ tre / rổ rá / bamboo / rattan / bamboo products > @mây tre đan
bamboo and rattan / wicker / woven / weaving / basketry > @mây tre đan
đồ đồng > đúc đồng, đôi đèn, lọ, dây chuyền
đồ kim loại / đúc đồng / đồ đồng mỹ nghệ / bronze / brass / metalwork > @đồ đồng
thổ cẩm > tấm trải, vải lanh, vải thổ cẩm, chăn, chăn tơ tằm, tơ tằm, lụa, khăn, bộ trang phục, #22
dệt / dệt may / hàng dệt may / vải vóc quần áo / hàng dệt / đồ dệt / dệt thổ cẩm / hàng dệt thổ cẩm > @thổ cẩm
vải thổ cẩm / đồ thổ cẩm / vải vóc / vải dệt / hàng thổ cẩm / thổ cẩm dân tộc / brocade / textile / textiles > @thổ cẩm
fabric / fabrics / weave / woven fabric > @thổ cẩm
quần áo > bộ trang phục, trang phục, áo, váy, khăn, nón lá
trang phục / may mặc / thời trang / quần áo dân tộc / trang phục dân tộc / trang phục truyền thống > @quần áo
đồ dân tộc / áo dài / đồ mặc / hàng may mặc / clothing / clothes / apparel / fashion / garment / garments > @quần áo
costume / costumes > @quần áo
chăn ga > chăn, chăn tơ tằm, gối
chăn ga gối / chăn gối / chăn màn / đồ ngủ / bedding > @chăn ga
trang sức > dây chuyền, ngọc trai, vòng đeo tay, vòng, nhẫn, bông tai, bạc
đồ trang sức / trang sức phụ kiện / phụ kiện / phụ kiện thời trang / trang sức bạc / nữ trang / đá quý > @trang sức
jewelry / jewellery / accessories > @trang sức
đồ phong thủy > vòng đeo tay từ trầm hương, vòng đeo tay, tượng, tượng trầm, tượng gỗ, trầm nụ, trầm hương, nhang
đồ phong thủy > ngọc trai, đôi đèn, lọ
phong thủy / vật phẩm phong thủy / đồ tâm linh / vật phẩm tâm linh / tâm linh / feng shui > @đồ phong thủy
đồ thờ > nhang, trầm nụ, hương trầm, trầm hương, tượng, tượng trầm, tượng gỗ, đôi đèn, hương
đồ thờ cúng / thờ cúng / đồ cúng / đồ cúng lễ / bàn thờ / hương nhang / nhang hương / hương trầm / nhang trầm > @đồ thờ
đồ xông hương / incense > @đồ thờ
đèn trang trí > đèn, đèn lồng, đèn bàn, bộ đèn, đôi đèn
đèn các loại / đèn / đèn ngủ / đèn treo / đồ chiếu sáng / chiếu sáng / lamp / lamps / lighting > @đèn trang trí
lantern / lanterns > @đèn trang trí
tượng > tượng gỗ, tượng trầm
tượng phong thủy / tượng phật / tượng mỹ nghệ / statue / statues / sculpture / sculptures > @tượng
dụng cụ vệ sinh nhà cửa > chổi, chổi chít, thảm
dọn nhà / đồ lau dọn / đồ dọn dẹp > @dụng cụ vệ sinh nhà cửa
hoa tươi > #23, hoa lan, hoa hồng, hoa ly, hoa cúc
hoa / hoa cảnh / flower / flowers > @hoa tươi
cây cảnh > #24, #23, #25, bonsai, hoa lan
cây kiểng / cây trồng / bonsai / cây xanh / hoa cây cảnh / hoa kiểng / sinh vật cảnh / ornamental plants > @cây cảnh
plants > @cây cảnh
du lịch > #26, du lịch cộng đồng, điểm du lịch, ecohost
dịch vụ du lịch / dịch vụ / du lịch cộng đồng / du lịch sinh thái / khu nghỉ dưỡng / khu nghỉ dưỡng sinh thái > @du lịch
khu du lịch sinh thái / điểm du lịch sinh thái / du lịch trải nghiệm / du lịch nông nghiệp / du lịch văn hóa > @du lịch
điểm du lịch / khu du lịch / địa điểm du lịch / điểm đến / điểm tham quan / tham quan / trải nghiệm / tour > @du lịch
tour du lịch / tour trải nghiệm / trải nghiệm bản làng / trải nghiệm văn hóa / homestay / nghỉ dưỡng > @du lịch
nghỉ dưỡng homestay / nhà nghỉ / lưu trú / nơi ở / khách sạn / đi chơi / du lịch bản / travel / tourism > @du lịch
tours / community tourism / eco tourism / ecotourism / eco tour / accommodation / experience / experiences > @du lịch
village tour > @du lịch
quà > quà tặng, hộp quà tặng, bộ quà tặng, hộp quà, yến sào, yến chưng, yến tinh chế, đông trùng hạ thảo, nhung hươu
quà > bộ ấm chén
quà tặng / quà biếu / hộp quà / giỏ quà / set quà / bộ quà / quà tặng cao cấp / quà biếu cao cấp / quà biếu sếp > @quà
quà tặng doanh nghiệp / quà tặng đối tác / hộp quà tặng / gift / gifts / gift box / gift boxes / gift set > @quà
gift sets / hamper > @quà
quà tết > bánh chưng, bánh tét, giò, giò lụa, giò bê, chả lụa, lạp sườn, lạp xưởng, nem chua, mứt, mứt chuối, kẹo
quà tết > thịt trâu gác bếp, yến sào, yến chưng, hạt điều, hạt mắc ca, macca, rượu nếp, rượu ngô, rượu mơ, bộ quà tặng
quà tết > hộp quà tặng, bánh đậu xanh
tết / ngày tết / món ngon ngày tết / đồ tết / hàng tết / đặc sản tết / quà biếu tết / giỏ quà tết > @quà tết
hộp quà tết / quà tặng tết / món tết / thực phẩm tết / món ăn ngày tết / sắm tết / lunar new year / tet > @quà tết
tet gift / tet gifts > @quà tết
đồ nhậu > thịt trâu gác bếp, thịt trâu khô, thịt lợn gác bếp, thịt treo gác bếp, khô ếch, mực khô, mực ống, cá khô
đồ nhậu > tôm khô, cá tép, da cá, nem chua, lạp sườn, lạp xưởng, giò bê, thịt chua, xúc xích, nem nướng, hạt điều, rượu
mồi nhậu / đồ nhắm / món nhậu / món nhắm / mồi nhắm / đồ lai rai / lai rai / đồ ăn nhậu / mồi bén / nhậu > @đồ nhậu
đồ cho bé > ngũ cốc, ngũ cốc dinh dưỡng, bột đậu xanh, ruốc, ruốc lợn, sữa chua, yaourt, bột dinh dưỡng, chà bông
đồ cho bé > trứng gà
đồ trẻ em / thực phẩm cho bé / đồ ăn cho bé / ăn dặm / đồ ăn dặm / đồ ăn dặm cho bé / ăn dặm cho bé > @đồ cho bé
bé ăn dặm / cho bé ăn dặm / baby food / for kids / for children > @đồ cho bé
bà bầu > hạt dinh dưỡng, hạt điều, mắc ca, macca, hạt mắc ca, ngũ cốc, ngũ cốc dinh dưỡng, yến chưng, hạt sen, trứng gà
mẹ bầu / đồ cho bà bầu / bà đẻ / sau sinh > @bà bầu
đồ chay > mắm chay, dưa mắm chay, chay, đậu hũ, tàu hũ, chả chay, giò chay, ruốc nấm
ăn chay / thực phẩm chay / món chay / đồ ăn chay / thức ăn chay / gia vị chay / chay / thực phẩm thuần chay > @đồ chay
thuần chay / vegan / vegetarian / vegetarian food / vegan food / plant based > @đồ chay
mật các loại > mật ong, mật hoa dừa, mật mía
các loại mật / mật tự nhiên / mật ong các loại / honeys / mật > @mật các loại
đường > đường hoa dừa, đường thốt nốt, đường phèn, mật hoa dừa, mật mía, mật ong
đường các loại / các loại đường / đường ăn kiêng / chất tạo ngọt / sugar / sweetener / sweeteners > @đường
yến > yến sào, yến chưng, yến tinh chế
yến sào / tổ yến / đồ yến / sản phẩm từ yến / các loại yến > @yến
canned food > #5
organic food > hữu cơ, sạch
món ăn > thịt gác bếp, thịt trâu gác bếp, thịt lợn gác bếp, thịt chua, khau nhục, khẩu nhục, vịt quay, vịt bầu, nem, giò
món ăn > chả, lạp sườn, xúc xích, bánh chưng, bánh tét, bún, phở, miến, cơm cháy, nhút, #8, #5
đồ ăn / thức ăn / món ngon / món ăn dân tộc / món ăn vùng cao / món ăn đặc sản / món đặc sản > @món ăn
món ăn truyền thống / ẩm thực / dishes / cuisine > @món ăn
đồ nướng > nem nướng, vịt quay, trứng gà nướng, xúc xích, bánh dừa nướng, nướng
món nướng / bbq / barbecue / grilled food > @đồ nướng
đồ nấu lẩu > nấm, nấm kim châm, nấm đùi gà, nấm hương, nấm bào ngư, cải, rau, miến, bún, tôm tươi, cua
lẩu / đồ nhúng lẩu / ăn lẩu / món lẩu / nấu lẩu / hotpot / hot pot > @đồ nấu lẩu
nấu chè > hạt sen, sen sấy, bột sắn dây, đậu xanh, đậu đen, chè đậu đen, thạch, gạo nếp
nguyên liệu nấu chè / đồ nấu chè / món chè > @nấu chè
thuốc ngâm rượu > sâm dây, đảng sâm, đông trùng hạ thảo, ba kích, nhung hươu, nấm lim xanh, táo mèo, chuối hột
thuốc ngâm rượu > nấm linh chi
ngâm rượu / vị thuốc ngâm rượu / đồ ngâm rượu > @thuốc ngâm rượu
lâm sản > mật ong rừng, mật ong, măng, măng khô, măng tươi, nấm hương, nấm lim xanh, hạt dẻ, rau bò khai, thảo quả, quế
lâm sản > hoa hồi
đặc sản rừng / đồ rừng / sản vật rừng / đặc sản núi rừng / forest products > @lâm sản
thú cưng > #25
động vật cảnh / vật nuôi / chim cảnh / cá cảnh / pets / ornamental animals > @thú cưng
đặc sản từ dừa > dừa, dừa sáp, kẹo dừa, mật hoa dừa, đường hoa dừa, dầu dừa, bánh dừa, kem dừa, thảm xơ dừa
sản phẩm dừa / các loại dừa / coconut products > @đặc sản từ dừa
cho bé > @đồ cho bé,
cho trẻ em > @đồ cho bé,
cho bà bầu > @bà bầu,
cho mẹ bầu > @bà bầu,
tốt cho sức khỏe > @thực phẩm chức năng,
giảm cân > @thực phẩm giảm cân,
văn phòng / cho văn phòng / cho gia đình / gia đình / người già / cho người già / người lớn tuổi / bố mẹ / ông bà >
người bệnh / cho người bệnh / trẻ em / trẻ nhỏ / phụ nữ / nam giới / làm quà / mang về làm quà / mang đi biếu >
để biếu / để tặng / biếu tặng / đi biếu / tươi / tươi sống / tươi ngon / thiên nhiên / đóng gói / đóng chai / đóng hộp >
đóng túi / xuất khẩu / nhập khẩu / nội địa / vùng miền / ba miền / địa phương / quê hương / giá tốt / giá sỉ / bán sỉ >
bán lẻ / bán chạy / nổi tiếng / uy tín / đảm bảo / độc đáo / ý nghĩa / sang trọng / hấp dẫn / dinh dưỡng / mùa hè >
mùa đông / mùa vụ / hàng ngày / từ thiên nhiên / từ tự nhiên / có lợi / nhóm / danh mục / ngành hàng / mặt hàng >
chế phẩm / goods / item / items / authentic / famous / to eat / bằng / làm bằng / làm từ / chế biến / chế biến từ >
chiết xuất từ / được làm từ / made of / made from / không đường / ít đường / không chất bảo quản / không hóa chất >
người tập gym / tập gym / vật phẩm / sản vật / pha sẵn / làm sẵn >
    $words$, E'\n') as line,
       lateral (select regexp_match(line, '^([^=>]+)([=>])(.*)$') as part) as parts,
       lateral regexp_split_to_table(part[1], '/') as typed,
       lateral regexp_split_to_table(part[3], ',') as means
 where part is not null;

-- What the ranking weighs, as `/v1/policies/ranking` states it. Shares are hundredths, points are of 10,000 for a perfect text.
create table search_weights (
    name text not null,
    -- Each weight has bounds of its own, in the code that uses it; these are the widest.
    value integer not null constraint search_weights_value check (value between 0 and 10000),
    effective_from date not null,
    effective_to date constraint search_weights_period check (effective_to > effective_from),
    why_vi text not null,
    why_en text not null,
    constraint search_weights_pk primary key (name, effective_from)
);
-- Of two who set a weight at once one is refused: a weight has one last value.
create unique index search_weights_last on search_weights (name) where effective_to is null;

insert into search_weights (name, value, effective_from, why_vi, why_en)
select trim(part[1]), trim(part[2])::integer, date '2026-07-01', trim(part[3]), trim(part[4])
  from regexp_split_to_table($weights$
title | 100 | Từ có trong tên sản phẩm | The word is in the product's name
title_en | 90 | Từ có trong tên tiếng Anh | The word is in the English name
name | 60 | Từ có trong tên gian hàng, xã hoặc quy cách | The word is in the name of the shop, the commune or a pack
text | 25 | Từ có trong phần giới thiệu hoặc thành phần | The word is in the summary or the ingredients
tone_missing | 94 | Gõ không dấu vẫn tìm được, xếp sau từ đúng dấu | Typed without marks: found, after the very word
tone_other | 80 | Gõ dấu thanh khác vẫn tìm được, xếp sau | Another tone than typed: found, further down
vowel_other | 70 | Gõ nguyên âm khác vẫn tìm được, xếp sau | Another vowel than typed: found, further down
synonym | 86 | Từ đồng nghĩa, từ địa phương, tên tiếng Anh | Synonyms, regional words, English names
begun | 86 | Từ đang gõ dở | A word only begun
phrase | 40 | Các từ đứng liền nhau như đã gõ | Words that follow each other as typed
head | 12 | Tên sản phẩm bắt đầu bằng từ đã gõ | The name begins with a typed word
coverage | 20 | Phần của tên đã được gõ | The share of the name that was typed
place | 70 | Sản phẩm của nơi được nêu tên được ưu tiên | Goods of the place named come first
cut | 70 | Kết quả phải có ít nhất phần này của kết quả hợp nhất | A hit has at least this share of what the best hit has
step | 100 | Điểm văn bản được làm tròn theo bước này | The text's points are rounded to this step
star | 40 | Mỗi sao của giấy chứng nhận còn hiệu lực | Each star of a valid certificate
star_wished | 2500 | Đúng số sao được nêu ("5 sao") | The stars named ("5 stars")
rating | 80 | Điểm đánh giá của người mua | Buyers' rating
stock | 100 | Còn hàng | In stock
fresh | 30 | Mới đăng | Newly published
fresh_days | 90 | Số ngày được coi là mới | Days for which it counts as new
shop_again | 40 | Mỗi kết quả đứng trước của cùng gian hàng | Each earlier hit of the same shop
    $weights$, E'\n') as line,
       lateral (select regexp_match(line, '^([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)$') as part) as parts
 where part is not null;

-- What was searched and not found, for the desks: words as understood, by the province asked for. Nothing says who asked.
create table search_misses (
    day date not null,
    province_code text constraint search_misses_province_fk references provinces,
    words text not null constraint search_misses_words_length check (char_length(words) between 1 and 100),
    count integer not null constraint search_misses_count check (count > 0),
    constraint search_misses_key unique nulls not distinct (day, province_code, words)
);
